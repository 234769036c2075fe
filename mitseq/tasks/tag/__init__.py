"""Tag each word of a sentence with its part of speech."""
