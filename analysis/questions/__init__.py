"""What a study file asks: its questions, prices, choices and where they come from."""
