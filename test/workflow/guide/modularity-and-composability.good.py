main_workflow = {
    "components": [
        {"id": "data_extraction", "type": "workflow_call", "config": {"workflow_id": "extract_customer_data"}},
        {"id": "data_validation", "type": "workflow_call", "config": {"workflow_id": "validate_data_formats"}},
        {"id": "data_enrichment", "type": "workflow_call", "config": {"workflow_id": "enrich_customer_data"}},
        {"id": "data_storage", "type": "workflow_call", "config": {"workflow_id": "store_processed_data"}}
    ]
}
