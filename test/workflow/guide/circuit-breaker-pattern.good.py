circuit_breaker_config = {
    "id": "external_api_call",
    "type": "http_request",
    "config": {
        "url": "https://external-api.com/data",
        "circuit_breaker": {
            "failure_threshold": 5,
            "recovery_timeout": 60,
            "half_open_max_calls": 3,
            "minimum_request_threshold": 10
        }
    }
}
