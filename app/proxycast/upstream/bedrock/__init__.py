"""AWS Bedrock: how a Messages request becomes one of InvokeModel, and how its answer is read."""
