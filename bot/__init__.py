"""Another Day of Trivia: facts, quiz rounds and boards about the making of a film."""
