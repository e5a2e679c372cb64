sequential_workflow = {
    "components": [
        {"id": "extract_customers", "type": "http_request"},
        {"id": "validate_customers", "type": "validate"},
        {"id": "extract_orders", "type": "http_request"},
        {"id": "validate_orders", "type": "validate"},
        {"id": "extract_products", "type": "http_request"},
        {"id": "validate_products", "type": "validate"}
    ]
}
