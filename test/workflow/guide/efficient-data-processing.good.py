batch_transform = {
    "id": "transform_data",
    "type": "transform",
    "config": {
        "batch_size": 1000,
        "streaming": True,
        "memory_limit_mb": 512,
        "transformation_rules": {
            "map_fields": {"old_name": "new_name"},
            "filter_conditions": {"status": "active"},
            "aggregate_functions": {"sum": ["amount"], "count": ["transactions"]}
        }
    }
}
