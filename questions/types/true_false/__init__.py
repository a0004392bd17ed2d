"""True or false: the options are always "Đúng" and "Sai", in this order."""
