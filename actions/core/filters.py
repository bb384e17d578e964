NONE = "none"


ME = "me"


GONE = "gone"
