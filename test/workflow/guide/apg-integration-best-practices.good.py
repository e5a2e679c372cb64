return {
    "pattern": "capability_pipeline",
    "components": [
        {
            "id": "user_lookup",
            "type": "apg_user_management",
            "config": {
                "operation": "get_user",
                "cache_result": True,
                "cache_ttl": 300
            }
        },
        {
            "id": "permission_check",
            "type": "apg_auth_rbac",
            "config": {
                "operation": "check_permission",
                "resource": "{{user_lookup.output.user_id}}",
                "action": "data_access"
            }
        },
        {
            "id": "audit_log",
            "type": "apg_audit_compliance",
            "config": {
                "operation": "log_access",
                "event_type": "data_access",
                "user_id": "{{user_lookup.output.user_id}}"
            }
        }
    ],
    "error_handling": {
        "capability_timeout": 30,
        "retry_on_capability_error": True,
        "fallback_to_default": True
    }
}
