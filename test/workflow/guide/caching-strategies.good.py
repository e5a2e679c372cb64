caching_strategy = {
    "components": [
        {
            "id": "lookup_customer_data",
            "type": "cache_lookup",
            "config": {
                "cache_key": "customer_{{customer_id}}",
                "ttl_seconds": 3600,
                "fallback_component": "fetch_customer_from_api"
            }
        },
        {
            "id": "fetch_customer_from_api",
            "type": "http_request",
            "config": {
                "url": "https://api.example.com/customers/{{customer_id}}",
                "cache_result": True,
                "cache_key": "customer_{{customer_id}}",
                "cache_ttl": 3600
            }
        }
    ]
}
