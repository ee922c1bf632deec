"""Write the real quarter as a Word document: its official tables and figures, prose of our own.

    python data/write_document.py [TARGET]

The figures, headings and document numbers are those of the report as printed, faults included; the
sentences are written for this file and state what the report's own sentences state.
"""

from __future__ import annotations

import sys
from pathlib import Path

import docx
from docx.document import Document

TARGET = Path(__file__).parent / "binh-dinh-skhcn-2020q3.docx"
LEFT, ABOVE = "<", "^"  # a cell merged with the one beside it, or with the one over it

Table = list[list[str]]

ORGANISATION = [
    ["Nội dung", "Năm 2019", "Năm 2020", "Ghi chú"],
    ["Số phòng, Chi cục thuộc Sở", "06", "06", "Đã hoàn thành sắp xếp trong năm 2019"],
    ["Số đơn vị sự nghiệp trực thuộc Sở", "03", "03", ""],
]
STAFFING = [
    ["Tổng số biên chế, lao động được giao", LEFT, LEFT]
    + ["Tổng số biên chế, lao động hiện có", LEFT, LEFT],
    ["Biên chế hành chính", LEFT, "Biên chế sự nghiệp"] * 2,
    ["Biên chế", "Hợp đồng lao động", ABOVE] * 2,
    ["40", "05", "47", "37", "05", "23"],
]
QUARTERS = ["Quý I", "Quý II", "Quý III", "Quý IV", "Tổng"]
APPOINTMENTS = [
    ["Nội dung", "Năm trước", "Năm báo cáo (Số lượng)", LEFT, LEFT, LEFT, LEFT],
    [ABOVE, ABOVE, *QUARTERS],
    ["Đối với Trưởng phòng, Phó trưởng phòng thuộc Sở và tương đương", *[LEFT] * 6],
    ["Bổ nhiệm mới", "11", "0", "0", "0", "", ""],
    ["Bổ nhiệm lại", "01", "0", "0", "0", "", ""],
    ["Luân chuyển", "02", "0", "0", "0", "", ""],
    ["Từ chức", "0", "0", "0", "0", "", ""],
    ["Miễn nhiệm", "0", "0", "0", "0", "", ""],
    ["Kỷ luật", "0", "0", "0", "0", "", ""],
    ["Số lượng công chức, viên chức được tuyển dụng", *[LEFT] * 6],
    ["Công chức", "8", "0", "0", "0", "", ""],
    ["Viên chức", "0", "0", "0", "0", "", ""],
]
TRAINING = [
    ["Nội dung", "Năm trước", "Năm báo cáo", LEFT, LEFT, LEFT, LEFT],
    [ABOVE, ABOVE, *QUARTERS],
    ["1. Số lượt công chức hành chính", "51", "18", "18", "16", "", ""],
    ["Đào tạo từ trình độ Thạc sỹ trở lên", "01", "0", "0", "0", "", ""],
    ["Đào tạo trình độ đại học", "0", "0", "0", "0", "", ""],
    ["Đào tạo ngắn hạn", "19", "0", "02", "0", "", ""],
    ["Lớp bồi dưỡng, tập huấn", "31", "18", "16", "16", "", ""],
    ["2. Viên chức sự nghiệp", "33", "01", "05", "01", "", ""],
    ["Đào tạo từ trình độ Thạc sỹ trở lên", "01", "0", "0", "0", "", ""],
    ["Đào tạo trình độ đại học", "02", "0", "0", "0", "", ""],
    ["Đào tạo ngắn hạn", "25", "0", "03", "0", "", ""],
    ["Lớp bồi dưỡng, tập huấn", "05", "01", "02", "01", "", ""],
]
PROCEDURES = [
    ["Số TTHC đang có hiệu lực", "Số TTHC đã được công bố (trong kỳ báo cáo)", LEFT, LEFT]
    + ["Số TTHC được giải quyết theo cơ chế một cửa"]
    + ["Số TTHC được giải quyết theo cơ chế một cửa liên thông", LEFT, LEFT, "Ghi chú"],
    [ABOVE, "Tổng số", "Trong đó", LEFT, ABOVE, "Tổng số", "Trong đó", LEFT, ABOVE],
    [ABOVE, ABOVE, "Số TTHC được công bố đúng thời gian quy định"]
    + ["Số TTHC được công bố chậm so với thời gian quy định", ABOVE, ABOVE]
    + ["Số TTHC liên thông ngang", "Số TTHC liên thông dọc", ABOVE],
    ["62", "02", "02", "0", "40", "22", "22", "0", ""],
]
DOSSIERS = [
    ["TT", "Lĩnh vực", "Số hồ sơ đã tiếp nhận", LEFT, LEFT]
    + ["Kết quả giải quyết", LEFT, LEFT, LEFT, LEFT, LEFT, "Ghi chú"],
    [ABOVE, ABOVE, "Tổng số", "Trong đó", LEFT]
    + ["Số hồ sơ đã giải quyết", LEFT, LEFT, "Số hồ sơ đang giải quyết", LEFT, LEFT, ABOVE],
    [ABOVE, ABOVE, ABOVE, "Số kỳ trước chuyển qua", "Số mới tiếp nhận", "Tổng số"]
    + ["Trả đúng hạn", "Trả quá hạn", "Tổng số", "Chưa đến hạn", "Quá hạn", ABOVE],
    ["1", "Năng lượng nguyên tử, an toàn bức xạ và hạt nhân"]
    + ["61", "2", "59", "60", "60", "0", "01", "01", "0", ""],
]
ORPHAN = [["06", "0", "03", "0", "14", "0", "37", "0", "01", "01"]]
POSITIONS = [
    ["STT", "Nội dung", "Số lượng", "Ghi chú"],
    ["1", "Số phòng, ban, đơn vị trực thuộc bố trí công chức theo đúng vị trí việc làm được phê"]
    + ["8", ""],
    ["2", "Số phòng, ban, đơn vị trực thuộc chưa bố trí công chức theo đúng vị trí việc làm được"]
    + ["0", ""],
    ["3", "Số đơn vị sự nghiệp trực thuộc huyện bố trí viên chức theo đúng vị trí việc làm được"]
    + ["0", ""],
    ["4", "Số đơn vị sự nghiệp chưa bố trí viên chức theo đúng vị trí việc làm được", "0", ""],
    ["", "Những khó khăn, vướng mắc và kiến nghị, đề xuất trong quá trình triển khai thực hiện cơ"]
    + ["0", ""],
    ["", "Số lượng cán bộ, công chức, viên chức được đào tạo, bồi dưỡng chuyên môn nghiệp vụ"]
    + ["15", ""],
]
for _row, _rest in zip(
    POSITIONS[1:],
    [" duyệt"]
    + [" phê duyệt"] * 3
    + [" cấu công chức, viên chức theo vị trí việc làm", " (trong kỳ báo cáo)"],
    strict=True,
):
    _row[1] += _rest
AUTONOMY = [
    ["TT", "Nội dung", "Số lượng", "Ghi chú"],
    ["1", "Số cơ quan hành chính thực hiện cơ chế tự chủ, tự chịu trách nhiệm về quản lý kinh phí"]
    + ["2/2", ""],
    ["2", "Về số lượng đơn vị sự nghiệp công lập thực hiện cơ chế tự chủ", "2/3", ""],
    ["2.1", "Số đơn vị tự bảo đảm chi thường xuyên và chi đầu tư", "0", ""],
    ["2.2", "Số đơn vị tự bảo đảm chi thường xuyên", "0", ""],
    ["2.3", "Số đơn vị tự bảo đảm một phần chi thường xuyên", "2/3", ""],
    ["2.4", "Số đơn vị được nhà nước bảo đảm chi thường xuyên", "1/3", ""],
    ["3", "Số đơn vị hành chính cấp xã được giao tự chủ hành chính", "-", ""],
]
AUTONOMY[1][1] += " hành chính"
ONLINE = [
    ["Trao đổi văn bản giữa các cơ quan hành chính nhà nước", LEFT, LEFT]
    + ["Dịch vụ công trực tuyến mức độ 3", LEFT, LEFT, LEFT]
    + ["Dịch vụ công trực tuyến mức độ 4", LEFT, LEFT, LEFT, "Ghi chú"],
    ["Tổng số văn bản đi", "Trong đó", LEFT]
    + ["Tổng số TTHC đã cung cấp", "Hồ sơ tiếp nhận", LEFT, LEFT] * 2
    + [ABOVE],
    [ABOVE, "Số văn bản giấy", "Số văn bản điện tử"]
    + [ABOVE, "Tổng số", "Tiếp nhận tại nơi giải quyết TTHC", "Tiếp nhận qua mạng"] * 2
    + [ABOVE],
    ["1380", "65", "1315", "8", "53", "0", "53", "0", "0", "0", "0", ""],
]
ISO = [
    ["TT", "Nội dung", "Số lượng", "Ghi chú"],
    ["1", "Số TTHC áp dụng theo tiêu chuẩn ISO 9001", "62", "62/62"],
    ["2", "Thống kê số lượng UBND cấp xã thực hiện ISO theo kế hoạch của UBND tỉnh.", "105"]
    + ["Số liệu tính đến tháng 6/2020"],
]
_ANNOUNCED = "Số cơ quan, đơn vị đã công bố ISO"
_COMPLIANT = "Số cơ quan, đơn vị thực hiện đúng quy định về áp dụng, duy trì ISO"
ISO_APPENDIX = [
    ["TT", "Nội dung", "Số lượng", "Ghi chú"],
    ["1", "Triển khai Kế hoạch kiểm tra áp dụng Hệ thống quản lý chất lượng (HTQLCL) ISO 9001 của"]
    + ["161", "Tên, ký hiệu, ngày tháng năm ban hành văn bản"],
    ["1.1", "Số cơ quan đơn vị được kiểm tra", "33", "Số đơn vị được kiểm tra/tổng số đơn vị"],
    ["2", "Áp dụng HTQLCL ISO 9001 trong hoạt động của các cơ quan hành chính", "", ""],
    ["2.1", "Cơ quan chuyên môn cấp tỉnh", "21", ""],
    ["-", _ANNOUNCED, "21", ""],
    ["-", _COMPLIANT, "-", ""],
    ["2.2", "Đơn vị hành chính cấp huyện", "22", "Gồm 11 UBND và 11 Phòng GDĐT cấp huyện"],
    ["-", _ANNOUNCED, "22", ""],
    ["-", _COMPLIANT, "-", ""],
    ["2.3", "Đơn vị hành chính cấp xã thực hiện ISO theo kế hoạch của UBND tỉnh", "105", ""],
    ["-", _ANNOUNCED, "105", ""],
    ["-", _COMPLIANT, "-", ""],
]
ISO_APPENDIX[1][1] += " tỉnh"

FIRST_CUT = "Cấp Giấy chứng nhận đăng ký hoạt động lần đầu cho tổ chức khoa học và công nghệ"
SECOND_CUT = "Cấp lại Giấy chứng nhận đăng ký hoạt động của tổ chức khoa học và công nghệ"

# A text that begins with "# " is a heading; the rest are paragraphs and tables in their order.
CONTENT: list[str | Table] = [
    "ỦY BAN NHÂN DÂN TỈNH BÌNH ĐỊNH",
    "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    "Số: /BC-SKHCCN",
    "Bình Định, ngày tháng 9 năm 2020",
    "BÁO CÁO",
    "Công tác cải cách hành chính quý III năm 2020",
    "# I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH",
    "# 1. Về kế hoạch cải cách hành chính",
    "Kế hoạch cải cách hành chính năm 2020 của Sở là Kế hoạch số 930/KH-SKHCCN ngày 16/12/2019.",
    "# 2. Về tổ chức, chỉ đạo, điều hành cải cách hành chính",
    "Các văn bản đã ban hành:",
    "+ Quyết định số 38/QĐ-SKHCCN ngày 28/02/2020 về kiểm soát thủ tục hành chính.",
    "+ Kế hoạch số 42/KH-SKHCCN ngày 30/01/2020 về rà soát văn bản quy phạm pháp luật.",
    "+ Kế hoạch số 966/KH-SKHCCN ngày 26/12/2019 về tuyên truyền cải cách hành chính.",
    "+ Kế hoạch số 42/KH-SKHCCN ngày 31/01/2020 về kiểm tra cải cách hành chính.",
    "+ Quyết định số 08/QĐ-SKHHCN ngày 31/01/2020 về Tổ kiểm tra cải cách hành chính.",
    "Cuối năm 2019, theo Quyết định số 388/QĐ-SKHHCN ngày 23/12/2019, Sở khen thưởng đối với"
    " 03 tập thể, 06 cá nhân.",
    "# 3. Về kiểm tra cải cách hành chính",
    "Căn cứ là Kế hoạch số 42/KH-SKHHCN ngày 31/01/2020.",
    "Sở đã kiểm tra trực tiếp 3/4 đơn vị trực thuộc và 01 đơn vị kiểm tra gián tiếp qua báo"
    " cáo, đạt tỷ lệ 75%.",
    "# 4. Về công tác tuyên truyền",
    "Nội dung tuyên truyền theo Kế hoạch số 966/KH-SKHCN ngày 26/12/2019.",
    "# II. KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH",
    "# 1. Cải cách thể chế",
    "Trong quý, Sở góp ý xây dựng 02 văn bản QPPL.",
    "# 2. Cải cách thủ tục hành chính",
    "Phương án đơn giản hóa được duyệt đối với 02 TTHC:",
    f"+ Thủ tục: {FIRST_CUT}. Thời gian giải quyết từ 15 ngày làm việc xuống còn 13 ngày làm việc"
    " (giảm 02 ngày làm việc). Tỷ lệ cắt giảm thời gian giải quyết: 13,3% ngày đối với 01 TTHC.",
    f"+ Thủ tục: {SECOND_CUT}. Thời gian giải quyết từ 10 ngày làm việc xuống còn 08 ngày làm việc"
    " (giảm 02 ngày làm việc). Tỷ lệ cắt giảm thời gian giải quyết: 20% ngày đối với 01 TTHC.",
    "Hiện nay Sở đang thực hiện 62 TTHC.",
    "# 3. Cải cách tổ chức bộ máy hành chính nhà nước",
    "# a) Về cơ cấu tổ chức",
    "Về tổ chức bộ máy:",
    ORGANISATION,
    "# b) Về phân cấp quản lý",
    "Phân cấp theo Quyết định số 07/QĐ-SKHCHN ngày 20/01/2020.",
    "# 4. Xây dựng và nâng cao chất lượng đội ngũ cán bộ, công chức, viên chức",
    "# a) Thực hiện các quy định về quản lý cán bộ, công chức, viên chức",
    "- Về quản lý biên chế",
    STAFFING,
    "- Thực hiện các quy định quản lý cán bộ, công chức, viên chức",
    APPOINTMENTS,
    "# b) Về công tác đào tạo, bồi dưỡng cán bộ, công chức",
    "- Số lượng cán bộ, công chức qua đào tạo, bồi dưỡng",
    TRAINING,
    "# 5. Cải cách tài chính công",
    "Hiện có 02 cơ quan hành chính thực hiện cơ chế tự chủ.",
    "Đến thời điểm hiện tại: 02/3 đơn vị sự nghiệp công lập thực hiện cơ chế tự chủ.",
    "# 6. Hiện đại hóa hành chính",
    "# a) Ứng dụng công nghệ thông tin",
    "Năm 2019, Sở xếp vị trí thứ 5/21 các sở ngành của tỉnh.",
    "Có 04 đơn vị sử dụng phần mềm quản lý văn bản và điều hành; tỷ lệ văn bản điện tử trao đổi"
    " giữa các cơ quan nhà nước: 99%.",
    "+ Số đơn vị có mạng WAN: 01 đơn vị;",
    "+ Số đơn vị có mạng LAN: 04 đơn vị;",
    "+ Số đơn vị kết nối mạng truyền số liệu chuyên dùng của cơ quan Đảng, Nhà nước: 01 đơn vị;",
    "+ Số lượng chữ ký số được cấp cho cán bộ, công chức: 34;",
    "+ 04 đơn vị sử dụng phần mềm quản lý văn bản và điều hành; tỷ lệ văn bản điện tử trao đổi"
    " giữa các cơ quan nhà nước: 99%.",
    "+ 100% CCVC làm việc trên môi trường mạng.",
    "+ Trao đổi giữa các đơn vị thực hiện 100% qua môi trường mạng.",
    "Hiện có 08 TTHC thực hiện mức độ 3. Hồ sơ nộp trực tuyến còn thấp.",
    "# b) Áp dụng hệ thống quản lý chất lượng",
    "Hiện có 02 đơn vị quản lý nhà nước áp dụng TCVN ISO 9001:2015.",
    "Trên đây là báo cáo công tác cải cách hành chính quý III năm 2020 của Sở Khoa học và Công"
    " nghệ./.",
    "Phụ lục",
    "THỐNG KÊ SỐ LIỆU VỀ KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH",
    "(Kèm theo Báo cáo số: /BC-SKHCCN ngày 09/9/2020 của Sở KH&CN)",
    "# 1. Kết quả thực hiện cơ chế một cửa, một cửa liên thông",
    "a) Số TTHC thuộc thẩm quyền giải quyết của cơ quan, đơn vị",
    PROCEDURES,
    "b) Tình hình giải quyết hồ sơ",
    DOSSIERS,
    # As in print: the table lost its headings at a page break.
    "Bảng tiếp theo, sang trang:",
    ORPHAN,
    "# 3. Về cải cách chế độ công vụ, công chức",
    "a) Về xác định vị trí việc làm và cơ cấu công chức, viên chức",
    POSITIONS,
    "# 4. Về cải cách tài chính công",
    AUTONOMY,
    "# 5. Kết quả ứng dụng CNTT và cung cấp dịch vụ công trực tuyến",
    ONLINE,
    "# 6. Xây dựng, áp dụng Hệ thống quản lý chất lượng theo tiêu chuẩn quốc gia ISO 9001",
    ISO,
    "Phụ lục",
    "THỐNG KÊ SỐ LIỆU VỀ XÂY DỰNG, ÁP DỤNG VÀ DUY TRÌ HỆ THỐNG QUẢN LÝ CHẤT LƯỢNG THEO TIÊU CHUẨN"
    " QUỐC GIA ISO 9001",
    "(Số liệu tính từ ngày 01/01/2020 đến ngày 01/9/2020)",
    ISO_APPENDIX,
]


def document() -> Document:
    """Return the quarter as a Word document."""
    written = docx.Document()
    for block in CONTENT:
        if isinstance(block, list):
            add_table(written, block)
        elif block.startswith("# "):
            written.add_paragraph().add_run(block.removeprefix("# ")).bold = True
        else:
            written.add_paragraph(block)
    return written


def add_table(written: Document, rows: Table) -> None:
    """Add a table; cells marked LEFT or ABOVE are merged with their neighbour."""
    table = written.add_table(len(rows), len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            right, last = column, number
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            while last + 1 < len(rows) and rows[last + 1][column] == ABOVE:
                last += 1
            cell = table.cell(number, column)
            if (right, last) != (column, number):
                cell = cell.merge(table.cell(last, right))
            cell.text = text


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    document().save(str(target))
    print(target)
