"""Where will the ball go next?"""
