retry_config = {
    "retry_policy": {
        "max_attempts": 5,
        "initial_delay_ms": 1000,
        "max_delay_ms": 30000,
        "backoff_multiplier": 2,
        "jitter": True,
        "retryable_errors": ["timeout", "connection_error", "server_error"],
        "non_retryable_errors": ["authentication_error", "bad_request"]
    }
}
