#include "integrations/teams/card.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/servers/process.hpp"
#include "tests/source_dir.hpp"
#include "tests/temporary_folder.hpp"

namespace fristvakt::tests {
namespace {

using integrations::teams::Card;
using integrations::teams::kPayloadBytesMax;
using integrations::teams::to_payload;
using nlohmann::json;

Card full(std::size_t lines) {
    Card card{.title = "Mandag 25. januar", .lead = "Tre ting trenger noen."};
    for (const char* const heading : {"Forfalt", "Venter på oss", "Frister denne uka"}) {
        Card::Section section{.heading = heading, .lines = {}, .is_urgent = card.sections.empty()};
        for (std::size_t i = 0; i < lines; ++i) {
            section.lines.push_back({"Sør-Aurdal kommune " + std::to_string(i),
                                     ": Kommunens plan – 3 dager over, påminnet 2 ganger"});
        }
        card.sections.push_back(std::move(section));
    }
    card.links.push_back({"Åpne fristvakt", "https://fristvakt.sf-innlandet.example/"});
    return card;
}

json content(const std::string& payload) {
    return json::parse(payload).at("attachments").at(0).at("content");
}

/// All that is shown, in order.
std::vector<std::string> texts(const json& card) {
    std::vector<std::string> out;
    for (const json& block : card.at("body")) {
        std::string text;
        for (const json& run : block.at("inlines")) {
            text += run.at("text").get<std::string>();
        }
        out.push_back(text);
    }
    return out;
}

TEST(Card, IsAMessageWithOneAdaptiveCard) {
    const json message = json::parse(to_payload(full(2)));
    EXPECT_EQ(message.at("type"), "message");
    ASSERT_EQ(message.at("attachments").size(), 1U);
    const json& attachment = message.at("attachments").at(0);
    EXPECT_EQ(attachment.at("contentType"), "application/vnd.microsoft.card.adaptive");
    EXPECT_TRUE(attachment.at("contentUrl").is_null());
    const json& card = attachment.at("content");
    EXPECT_EQ(card.at("type"), "AdaptiveCard");
    EXPECT_EQ(card.at("version"), "1.2");
    EXPECT_EQ(texts(card)[0], "Mandag 25. januar");
    EXPECT_EQ(texts(card)[2], "Forfalt (2)");
    EXPECT_EQ(texts(card)[3],
              "• Sør-Aurdal kommune 0: Kommunens plan – 3 dager over, påminnet 2 ganger");
    EXPECT_EQ(card.at("actions").at(0).at("type"), "Action.OpenUrl");
}

TEST(Card, ThatIsTooBigCountsWhatItLeavesOut) {
    for (const std::size_t lines : {20UL, 40UL, 200UL, 4'000UL}) {
        const std::string payload = to_payload(full(lines));
        EXPECT_LE(payload.size(), kPayloadBytesMax);
        const auto shown = texts(content(payload));
        std::size_t section = 0;
        std::size_t left_out = 0;
        for (const std::string& text : shown) {
            section += text.starts_with("• ") ? 1U : 0U;
            if (text.starts_with("… og ")) {
                left_out += std::stoul(text.substr(std::string{"… og "}.size()));
                EXPECT_TRUE(text.ends_with(" til"));
            }
        }
        EXPECT_EQ(section + left_out, 3 * lines);
        EXPECT_GT(payload.size(), lines == 20 ? 0 : kPayloadBytesMax * 3 / 4);
    }
}

TEST(Card, CountsWhatItWasNeverGiven) {
    Card card = full(6);
    card.sections[0].count = 20;
    const auto shown = texts(content(to_payload(card)));
    EXPECT_EQ(shown[2], "Forfalt (20)");
    EXPECT_EQ(shown[9], "… og 14 til");
}

TEST(Card, ReadsNothingIntoNames) {
    Card card{.title = "**fet** [lenke](https://x.example) <at>alle</at>\n# stor\xFF",
              .lead = "\"}],\"type\":\"x"};
    const json read = content(to_payload(card));
    EXPECT_EQ(texts(read)[0],
              "**fet** [lenke](https://x.example) <at>alle</at>\n# stor\xEF\xBF\xBD");
    EXPECT_EQ(texts(read)[1], "\"}],\"type\":\"x");
    for (const json& block : read.at("body")) {
        EXPECT_EQ(block.at("type"), "RichTextBlock");
    }
    EXPECT_FALSE(read.at("msteams").contains("entities"));
}

TEST(Card, WithoutAnAbsoluteLinkHasNone) {
    Card card{.title = "x"};
    card.links = {{"a", "/sak/x"}, {"b", "javascript:alert(1)"}, {"c", ""}};
    EXPECT_FALSE(content(to_payload(card)).contains("actions"));
}

/// Microsoft's reader of Adaptive Cards, as npm has it.
TEST(Card, IsOneToWhoeverReadsCards) {
    namespace fs = std::filesystem;
    const TemporaryFolder folder;
    std::vector<std::string> command{
        "node", (fs::path{source_dir()} / "tests/unit/teams/check_card.mjs").string()};
    Card odd{.title = "**fet** <at>alle</at> \"\\ \n # \xFF", .lead = std::string(5'000, '_')};
    for (const Card& card : {full(0), full(1), full(4'000), odd, Card{.title = "x"}}) {
        command.push_back((folder / (std::to_string(command.size()) + ".json")).string());
        std::ofstream{command.back()} << to_payload(card);
    }
    Process reader{command};
    for (auto line = reader.read_line(); line; line = reader.read_line()) {
        EXPECT_EQ(*line, "good");
        if (*line == "good") {
            return;
        }
    }
    FAIL() << "the reader did not come to its end";
}

}  // namespace
}  // namespace fristvakt::tests
