"""Next word: given the words so far, which one comes next?"""
