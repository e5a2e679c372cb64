bad_retry_config = {
    "retry_policy": {
        "max_attempts": 10,
        "delay_ms": 5000  # Fixed 5-second delay
    }
}
