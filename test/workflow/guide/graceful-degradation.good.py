resilient_workflow = {
    "components": [
        {
            "id": "primary_data_source",
            "type": "http_request",
            "config": {"url": "https://primary-api.com/data"},
            "error_handling": {
                "on_failure": "continue_to_fallback",
                "timeout": 10
            }
        },
        {
            "id": "fallback_data_source",
            "type": "http_request",
            "config": {"url": "https://backup-api.com/data"},
            "condition": "{{primary_data_source.failed}}",
            "error_handling": {
                "on_failure": "use_cached_data",
                "timeout": 30
            }
        },
        {
            "id": "use_cached_data",
            "type": "cache_lookup",
            "config": {"cache_key": "last_known_good_data"},
            "condition": "{{fallback_data_source.failed}}"
        }
    ]
}
