workflow_definition = {
    "components": [
        {
            "id": "extract_data",
            "type": "http_request",
            "config": {
                "url": "https://api.example.com/data",
                "timeout": 30,
                "retry_attempts": 3,
                "retry_delay": 60
            },
            "error_handling": {
                "on_failure": "retry_with_backoff",
                "max_retries": 3,
                "fallback_action": "log_and_continue"
            }
        }
    ],
    "error_recovery": {
        "compensation_workflow": "cleanup_failed_extraction",
        "notification_channels": ["email", "slack"]
    }
}
