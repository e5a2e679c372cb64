transactional_workflow = {
    "components": [
        {"id": "create_order", "type": "database_insert"},
        {"id": "charge_payment", "type": "payment_api"},
        {"id": "update_inventory", "type": "database_update"},
        {"id": "send_confirmation", "type": "email"}
    ],
    "compensation": {
        "create_order": {"action": "delete_order", "component": "database_delete"},
        "charge_payment": {"action": "refund_payment", "component": "payment_refund"},
        "update_inventory": {"action": "restore_inventory", "component": "database_update"},
        "send_confirmation": {"action": "send_cancellation", "component": "email"}
    }
}
