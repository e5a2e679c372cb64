monolithic_workflow = {
    "components": [
        {"id": "step1", "type": "http_request", "config": {"url": "..."}},
        {"id": "step2", "type": "transform", "config": {"rules": "..."}},
        # ... 50 more components in a single workflow
    ]
}
