#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "tests/source_dir.hpp"
#include "tests/unit/configuration/shipped.hpp"
#include "workflows/decision/decide.hpp"
#include "workflows/decision/openings.hpp"
#include "workflows/decision/plan.hpp"

/// Folders as operators have them, of each format that was released: never edited, always read, and
/// they plan the same cases as ever. A key that changes its meaning begins a new one.
namespace fristvakt::tests {
namespace {

namespace fs = std::filesystem;
using workflows::Definitions;
using workflows::Instant;

constexpr int kFormats = 1;

fs::path folder_of(int format) {
    return source_dir() / "tests/unit/configuration/fixtures" / ("v" + std::to_string(format));
}

std::string time_of(Instant instant, const Definitions& definitions) {
    return workflows::iso_instant(instant, definitions.time_zone());
}

/// "  STEP TIME to ADDRESS… copy ADDRESS…"
std::string in_words(const workflows::Occurrence& occurrence, const workflows::Case& item,
                     const Definitions& definitions) {
    const auto audience =
        workflows::audience_of(*occurrence.step, item, workflows::context_of(item, definitions),
                               definitions, definitions.time_zone().date_of(occurrence.at), {});
    std::string text =
        "  " + occurrence.step->id + " " + time_of(occurrence.at, definitions) + " to";
    for (const workflows::Recipient& one : audience.to) {
        text += " " + one.address +
                (one.language == workflows::Language::Nb ? std::string{" nb"} : " nn");
    }
    for (const workflows::Recipient& one : audience.copy) {
        text += " copy " + one.address;
    }
    return text + (occurrence.superseded ? " (too early)\n" : "\n");
}

std::string planned_by(const Definitions& definitions) {
    std::string text;
    workflows::PersonIds persons{"salt"};
    const workflows::RefusedAddresses nobody;
    const auto first_start = workflows::parse_iso_date("2021-01-01").value();
    for (const workflows::Opening& opening : workflows::openings_of(definitions, first_start)) {
        for (const std::string& debtor :
             workflows::debtors_of(*opening.cohort, *opening.requirement)) {
            workflows::CaseFile file;
            file.item = workflows::case_of(opening, debtor, definitions);
            (void)workflows::open_case(file, opening.due,
                                       definitions.time_zone().start_of_day(opening.opens),
                                       {definitions, persons, nobody});
            text += file.item.id + " " + file.item.workflow + " " + file.item.state + " opens " +
                    workflows::iso_date(opening.opens) + " due before " +
                    time_of(opening.due.ends_at, definitions) + "\n";
            for (const workflows::Occurrence& occurrence : workflows::occurrences_of(
                     file.item, workflows::context_of(file.item, definitions), definitions)) {
                text += in_words(occurrence, file.item, definitions);
            }
        }
    }
    return text;
}

class ReleasedFormat : public testing::TestWithParam<int> {};

TEST_P(ReleasedFormat, OpensAndPlansTheSameCasesAsEver) {
    const auto files = integrations::read_folder(folder_of(GetParam()));
    ASSERT_TRUE(files.ok()) << files.error().message;
    const auto loaded = integrations::load_configuration(files.value(), default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    std::ifstream kept(folder_of(GetParam()) / "planned.txt");
    const std::string expected((std::istreambuf_iterator<char>(kept)), {});
    EXPECT_EQ(planned_by(*loaded.definitions), expected);
}

INSTANTIATE_TEST_SUITE_P(Formats, ReleasedFormat, testing::Range(1, kFormats + 1));

}  // namespace
}  // namespace fristvakt::tests
