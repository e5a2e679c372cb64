parallel_workflow = {
    "components": [
        {"id": "start", "type": "start"},
        {
            "id": "parallel_processing",
            "type": "parallel",
            "config": {
                "branches": [
                    {"id": "process_customers", "components": ["extract_customers", "validate_customers"]},
                    {"id": "process_orders", "components": ["extract_orders", "validate_orders"]},
                    {"id": "process_products", "components": ["extract_products", "validate_products"]}
                ],
                "wait_for_all": True
            }
        },
        {"id": "merge_results", "type": "merge"},
        {"id": "end", "type": "end"}
    ]
}
