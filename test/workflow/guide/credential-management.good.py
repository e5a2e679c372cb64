secure_config = {
    "id": "api_call",
    "type": "http_request",
    "config": {
        "url": "https://api.example.com/data",
        "headers": {
            "Authorization": "Bearer {{secrets.api_token}}",
            "X-API-Key": "{{secrets.api_key}}"
        },
        "sensitive_fields": ["Authorization", "X-API-Key"]
    }
}
