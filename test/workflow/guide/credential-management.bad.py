insecure_config = {
    "id": "api_call",
    "type": "http_request",
    "config": {
        "url": "https://api.example.com/data",
        "headers": {
            "Authorization": "Bearer sk-abc123...",
            "X-API-Key": "key_12345..."
        }
    }
}
