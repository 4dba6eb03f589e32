#include "daemon/web/table_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace fristvakt::tests {
namespace {

using namespace daemon;
using workflows::Language;

const workflows::TimeZone& oslo() {
    static const auto kZone = workflows::TimeZone::locate("Europe/Oslo").value();
    return kZone;
}

Table sample(Cell cell) {
    return {.name = "liste",
            .title = {"Liste", "Liste"},
            .columns = {{"name", {"Navn", "Namn"}},
                        {"on_page", {"Bare her", "Berre her"}, Column::Where::Page},
                        {"value", {"Verdi", "Verdi"}, Column::Where::File}},
            .rows = {{Cell{"Gjøvik"}, Cell{"borte"}, std::move(cell)}}};
}

std::string csv_of(Cell cell) {
    const std::string all = to_csv(sample(std::move(cell)), Language::Nn, oslo());
    const std::string head{"\xEF\xBB\xBFNamn;Verdi\r\nGjøvik;"};
    EXPECT_TRUE(all.starts_with(head)) << all;
    EXPECT_TRUE(all.ends_with("\r\n"));
    return all.substr(head.size(), all.size() - head.size() - 2);
}

struct CsvRow {
    const char* text;
    const char* written;
};
void PrintTo(const CsvRow& row, std::ostream* out) {
    *out << row.text;
}

class Csv : public ::testing::TestWithParam<CsvRow> {};

TEST_P(Csv, IsNeverAFormulaAndNeverTwoCells) {
    EXPECT_EQ(csv_of(Cell{GetParam().text}), GetParam().written);
}

INSTANTIATE_TEST_SUITE_P(Texts, Csv,
                         ::testing::Values(CsvRow{"rolig", "rolig"}, CsvRow{"", ""},
                                           CsvRow{"=1+1", "'=1+1"}, CsvRow{"+47 00", "'+47 00"},
                                           CsvRow{"-2", "'-2"}, CsvRow{"@SUM(A1)", "'@SUM(A1)"},
                                           CsvRow{"\tx", "'\tx"}, CsvRow{"a;b", "\"a;b\""},
                                           CsvRow{"sa \"hei\"", "\"sa \"\"hei\"\"\""},
                                           CsvRow{"to\nlinjer", "\"to\nlinjer\""},
                                           CsvRow{"=a;b", "\"'=a;b\""}));

TEST(CsvValues, AreWhatASpreadsheetReads) {
    EXPECT_EQ(csv_of(Cell{-9}), "-9");
    EXPECT_EQ(csv_of(Cell{*workflows::parse_iso_date("2021-01-25")}), "2021-01-25");
    EXPECT_EQ(csv_of(Cell{workflows::parse_instant("2021-07-01T08:00", oslo()).value()}),
              "2021-07-01 08:00");
    // The last cell is empty: its separator goes too, and it is still there.
    EXPECT_EQ(csv_of(Cell{}), "");
}

TEST(JsonFile, HasTypedValuesUnderStableKeys) {
    const auto read = nlohmann::json::parse(to_json(sample(Cell{7}), oslo()));
    EXPECT_EQ(read.at("name"), "liste");
    EXPECT_EQ(read.at("rows").at(0), (nlohmann::json{{"name", "Gjøvik"}, {"value", 7}}));
}

TEST(Workbook, IsOne) {
    const auto made = to_xlsx(sample(Cell{"=1+1"}), Language::Nb, oslo());
    ASSERT_TRUE(made.ok());
    EXPECT_TRUE(made.value().starts_with("PK"));
    EXPECT_NE(made.value().find("xl/worksheets/sheet1.xml"), std::string::npos);
}

}  // namespace
}  // namespace fristvakt::tests
