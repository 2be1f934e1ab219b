"""Names of people who do not exist, for the benchmarks."""

FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()  # noqa: SIM905
GIVEN = "An Bảo Duy Hòa Thị Lan Minh Khai Quỳnh Như Văn Hùng Thu Hà Phương Linh Đức Xuân".split()  # noqa: SIM905
