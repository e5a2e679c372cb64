return {
    "triggers": [
        {
            "type": "apg_event",
            "event_pattern": "user.created",
            "filter": {
                "source": "user_management",
                "attributes": {
                    "user_type": "employee"
                }
            }
        }
    ],
    "execution_context": {
        "inherit_event_context": True,
        "propagate_correlation_id": True,
        "maintain_audit_trail": True
    }
}
