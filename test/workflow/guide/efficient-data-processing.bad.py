row_processing = {
    "id": "transform_data",
    "type": "loop",
    "config": {
        "items": "{{input_data}}",
        "components": [
            {"id": "transform_row", "type": "transform", "config": {"single_row": True}}
        ]
    }
}
