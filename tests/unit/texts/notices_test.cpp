#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrations/texts/invitation.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "integrations/texts/notice_template.hpp"
#include "integrations/texts/plain_value.hpp"
#include "tests/unit/texts/notice_fixture.hpp"
#include "workflows/time/worth_telling.hpp"

// What holds of every mail, whatever it is about and whatever stands in its values.

namespace fristvakt::tests {
namespace {

using integrations::NoticeRenderer;
using integrations::texts::characters_in;
using workflows::Language;
using workflows::MessageSnapshot;
using workflows::RenderedMessage;

RenderedMessage render(const MessageSnapshot& snapshot) {
    static const NoticeRenderer kRenderer;
    const auto rendered = kRenderer.render(snapshot, shipped_notices());
    EXPECT_TRUE(rendered.ok()) << (rendered.ok() ? "" : rendered.error().message);
    return rendered.ok() ? rendered.value() : RenderedMessage{};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// The tags of a page in order, without what stands between them.
std::vector<std::string> tags_of(const std::string& html) {
    std::vector<std::string> tags;
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at)) {
        const auto end = html.find('>', at);
        tags.push_back(html.substr(at, end - at + 1));
        at = end;
    }
    return tags;
}

/// Empty when every element that opens closes in its place.
std::string nesting_fault(const std::vector<std::string>& tags) {
    static const std::set<std::string> kVoid{"!doctype", "meta", "br", "hr"};
    std::vector<std::string> open;
    for (const std::string& tag : tags) {
        const bool closes = tag[1] == '/';
        const auto begin = closes ? 2U : 1U;
        const std::string name = tag.substr(begin, tag.find_first_of(" >", begin) - begin);
        if (kVoid.contains(name)) {
            continue;
        }
        if (!closes) {
            open.push_back(name);
        } else if (open.empty() || open.back() != name) {
            return "</" + name + "> closes nothing";
        } else {
            open.pop_back();
        }
    }
    return open.empty() ? "" : "<" + open.back() + "> stays open";
}

/// As one line: where lines break is nobody's concern.
std::string unwrapped(const std::string& text) {
    return std::regex_replace(text, std::regex("\\s+"), " ");
}

class Mail : public testing::TestWithParam<Language> {};
INSTANTIATE_TEST_SUITE_P(Both, Mail, testing::Values(Language::Nb, Language::Nn),
                         [](const auto& test) {
                             return std::string(workflows::language_tag(test.param));
                         });

TEST_P(Mail, HasTheFormOfMail) {
    for (const Sample& sample : samples(GetParam())) {
        SCOPED_TRACE(sample.name);
        const auto mail = render(sample.snapshot);
        EXPECT_LE(characters_in(mail.subject), 78U) << mail.subject;
        EXPECT_EQ(mail.subject.find_first_of("\r\n"), std::string::npos);
        EXPECT_TRUE(mail.text.ends_with("\n") && !mail.text.ends_with("\n\n"));
        for (const std::string& line : lines_of(mail.text)) {
            EXPECT_LE(characters_in(line), 76U) << line;
            EXPECT_FALSE(line.ends_with(' ')) << line;
            EXPECT_EQ(line.find("  ", line.find_first_not_of(' ') == std::string::npos
                                          ? 0
                                          : line.find_first_not_of(' ')),
                      std::string::npos)
                << line;
        }
        EXPECT_EQ(mail.text.find("\n\n\n"), std::string::npos);
        for (const std::string* part : {&mail.subject, &mail.text, &mail.html}) {
            EXPECT_EQ(part->find("{{"), std::string::npos);
            // Nobody is to press a link but our own people, to the page of a case, and whoever is
            // called to a meeting, to answer.
            const auto link = part->find("http");
            const bool calls = is_invitation(sample.snapshot.items.front().notice);
            EXPECT_TRUE(link == std::string::npos ||
                        (calls && part->find("/m/", link) != std::string::npos) ||
                        (sample.snapshot.organisation == "sf-innlandet" &&
                         part->find("/sak/", link) != std::string::npos));
            EXPECT_EQ(part->find(" ,"), std::string::npos);
            EXPECT_EQ(part->find(" ."), std::string::npos);
            EXPECT_EQ(part->find("«»"), std::string::npos);
            EXPECT_EQ(part->find("()"), std::string::npos);
            EXPECT_EQ(part->find(".."), std::string::npos);
        }
        const auto tags = tags_of(mail.html);
        EXPECT_EQ(nesting_fault(tags), "");
        EXPECT_EQ(std::count_if(tags.begin(), tags.end(),
                                [](const std::string& tag) { return tag.starts_with("<h1"); }),
                  1);
        EXPECT_NE(mail.html.find("<html lang=\"" +
                                 std::string(workflows::language_tag(GetParam())) + "\">"),
                  std::string::npos);
    }
}

TEST_P(Mail, SaysWhatEveryMailMustSay) {
    for (const Sample& sample : samples(GetParam())) {
        if (sample.name == "reminder-bare") {
            continue;
        }
        SCOPED_TRACE(sample.name);
        const auto mail = render(sample.snapshot);
        const std::string text = unwrapped(mail.text);
        for (const auto& item : sample.snapshot.items) {
            EXPECT_NE(text.find(item.requirement_title.in(GetParam())), std::string::npos);
            if (!is_about_a_meeting(item.notice) && !is_invitation(item.notice)) {
                EXPECT_NE(text.find(item.debtor_name), std::string::npos);
            }
            if (is_invitation(item.notice)) {
                EXPECT_NE(text.find("23. mars 2021 kl. 09.00–12.00"), std::string::npos);
                continue;
            }
            // Of a meeting, by when its next step is to be done.
            const auto& by =
                is_about_a_meeting(item.notice) && item.answer_by ? item.answer_by : item.due;
            EXPECT_NE(text.find(workflows::long_date(by->date, GetParam())), std::string::npos);
            for (const std::string& line : worth_telling(item.due->because, GetParam())) {
                EXPECT_NE(text.find(line), std::string::npos) << line;
            }
            EXPECT_NE(text.find(item.deliver_to), std::string::npos);
            EXPECT_NE(text.find(item.case_number), std::string::npos);
            EXPECT_NE(text.find(item.responsible_name + ", telefon " + item.responsible_phone +
                                ", e-post " + item.responsible_email),
                      std::string::npos);
            EXPECT_NE(text.find(item.instructions.in(GetParam())), std::string::npos);
        }
        EXPECT_NE(text.find(shipped_notices().installation.mail.reply_to), std::string::npos);
        EXPECT_NE(text.find(sample.snapshot.recipient_role == "postmottak"
                                ? "går til postmottaket fordi"
                                : "Du får denne e-posten fordi"),
                  std::string::npos);
        for (const auto& copy : sample.snapshot.copies) {
            EXPECT_NE(text.find(copy.name), std::string::npos);
        }
    }
}

TEST(Mails, DifferBetweenTheForms) {
    const auto nb = samples(Language::Nb);
    const auto nn = samples(Language::Nn);
    ASSERT_EQ(nb.size(), nn.size());
    for (std::size_t index = 0; index < nb.size(); ++index) {
        SCOPED_TRACE(nb[index].name);
        EXPECT_NE(render(nb[index].snapshot).text, render(nn[index].snapshot).text);
    }
}

/// Words that only the other form has, as whole words.
std::regex words(const std::string& alternatives) {
    return std::regex("(^|[^a-zA-Z\x80-\xFF])(" + alternatives + ")([^a-zA-Z\x80-\xFF]|$)",
                      std::regex::icase);
}

TEST(Mails, TellWhatIsNotWholeFromWhatNeverCame) {
    const std::map<Language, std::pair<std::string, std::string>> words{
        {Language::Nb, {"ikke registrert noe", "Noe mangler"}},
        {Language::Nn, {"ikkje registrert noko", "Noko manglar"}}};
    for (const auto& [language, said] : words) {
        for (const char* notice : {"reminder", "reminder-soon", "overdue"}) {
            MessageSnapshot snapshot = one_case(notice, language);
            EXPECT_NE(render(snapshot).html.find(said.first), std::string::npos) << notice;
            EXPECT_EQ(render(snapshot).html.find(said.second), std::string::npos) << notice;
            snapshot.items.front().fields["returned_on"] = "2021-01-19";
            EXPECT_EQ(render(snapshot).html.find(said.first), std::string::npos) << notice;
            EXPECT_NE(render(snapshot).html.find(said.second), std::string::npos) << notice;
        }
    }
}

TEST(Mails, KeepToTheirForm) {
    const auto bokmaal_only = words(
        "ikke|dere|deres|uke|uken|fra|noe|hva|hvem|hvilken|jeg|kommer|"
        "fortsatt|regnet|mottatt|innsendingen|saken|sendes|gjelder|vennlig|hilsen|siden|dager");
    const auto nynorsk_only = words(
        "ikkje|dykk|dykkar|veke|veka|frå|noko|kva|kven|eg|framleis|rekna|motteke|innsendinga|"
        "saka|sendast|gjeld|venleg|helsing|sidan|dagar|dei|ein|eit");
    for (const auto& [id, notice] : shipped_notices().notices) {
        std::smatch match;
        const std::string nb =
            notice.nb.subject + "\n" + notice.nb.preheader + "\n" + notice.nb.markdown;
        const std::string nn =
            notice.nn.subject + "\n" + notice.nn.preheader + "\n" + notice.nn.markdown;
        EXPECT_FALSE(std::regex_search(nb, match, nynorsk_only)) << id << " nb: " << match.str();
        EXPECT_FALSE(std::regex_search(nn, match, bokmaal_only)) << id << " nn: " << match.str();
    }
}

workflows::Definitions with_own_organisation() {
    workflows::Definitions definitions = shipped_notices();
    workflows::Organisation own;
    own.id = definitions.installation.organisation;
    own.name = "Statsforvalteren i Innlandet";
    definitions.organisations.emplace(own.id, own);
    return definitions;
}

TEST(Mails, ToThoseWhoAreCalledAreFromWhoeverHoldsTheMeeting) {
    const workflows::Definitions definitions = with_own_organisation();
    const NoticeRenderer renderer;
    for (const char* notice :
         {"invitation", "invitation-moved", "invitation-cancelled", "invitation-withdrawn",
          "answer-invitation", "meeting-soon", "agenda", "minutes"}) {
        SCOPED_TRACE(notice);
        auto snapshot = one_case(notice, Language::Nn);
        if (snapshot.kind == workflows::NoticeKind::Invitation) {
            snapshot.meeting.emplace();
        }
        snapshot.items.front().debtor_name = "Statsforvalteren i Innlandet";
        EXPECT_EQ(integrations::texts::sender_name(snapshot, definitions),
                  "Statsforvaltaren i Innlandet");
        snapshot.items.front().debtor_name = "Kongsbergregionen";
        const auto mail = renderer.render(snapshot, definitions);
        ASSERT_TRUE(mail.ok());
        EXPECT_NE(mail.value().text.find("Ola Hansen\nKongsbergregionen\n"), std::string::npos)
            << mail.value().text;
        EXPECT_NE(mail.value().text.find("send automatisk av Kongsbergregionen"), std::string::npos)
            << mail.value().text;
        EXPECT_EQ(mail.value().text.find("Statsforvalt"), std::string::npos) << mail.value().text;
        const auto bytes = renderer.to_bytes(snapshot, mail.value(), definitions);
        ASSERT_TRUE(bytes.ok());
        EXPECT_NE(bytes.value().find("From: Kongsbergregionen <fristvakt@sf-innlandet.example>"),
                  std::string::npos)
            << bytes.value();
    }
}

TEST(Mails, AboutAnythingElseAreFromTheInstallation) {
    const workflows::Definitions definitions = with_own_organisation();
    auto of_two = several_cases("answer-invitation", Language::Nb);
    for (auto& item : of_two.items) {
        item.debtor_name = "Kongsbergregionen";
    }
    EXPECT_EQ(integrations::texts::sender_name(of_two, definitions), "Kongsbergregionen");
    of_two.items.back().debtor_name = "Hadeland";
    auto reminder = several_cases("reminder", Language::Nb);
    reminder.items.front() = of_two.items.front();
    for (const auto& snapshot : {of_two, reminder, one_case("reminder", Language::Nb),
                                 one_case("send-minutes", Language::Nb)}) {
        EXPECT_EQ(integrations::texts::sender_name(snapshot, definitions),
                  "Statsforvalteren i Innlandet");
    }
    EXPECT_EQ(integrations::texts::sender_name(calm_week(Language::Nb), definitions),
              "Statsforvalteren i Innlandet");
}

TEST(Mails, InvitationsSayInTheCalendarWhoHoldsTheMeeting) {
    auto snapshot = one_case("invitation", Language::Nn);
    snapshot.meeting.emplace();
    snapshot.items.front().debtor_name = "Kongsbergregionen";
    EXPECT_NE(integrations::texts::to_calendar_object(snapshot, with_own_organisation())
                  .find("ORGANIZER;CN=Kongsbergregionen:"),
              std::string::npos);
}

TEST(Mails, KeepTheLinesOfWhatSomebodyWrote) {
    auto snapshot = one_case("minutes", Language::Nb);
    snapshot.items.front().fields["minutes"] =
        "Vi ble enige om:\r\n- A *leser*\r\n- B skriver\r\n\r\nhttps://arkiv.example/1\r\n";
    const auto mail = render(snapshot);
    EXPECT_NE(mail.text.find("\nVi ble enige om:\n- A *leser*\n- B skriver\n"
                             "https://arkiv.example/1\n"),
              std::string::npos)
        << mail.text;
    EXPECT_NE(mail.html.find("Vi ble enige om:<br>\n- A *leser*<br>\n- B skriver<br>\n<a "),
              std::string::npos)
        << mail.html;
    EXPECT_NE(mail.html.find("href=\"https://arkiv.example/1\""), std::string::npos);
}

TEST(Mails, PutLinesBesideOneAnotherInASubject) {
    auto definitions = shipped_notices();
    definitions.hash = "subject";
    definitions.notices.find("minutes")->second.nb.subject = "Referat: {{minutes}}";
    auto snapshot = one_case("minutes", Language::Nb);
    snapshot.items.front().fields["minutes"] = "Status\nVeien videre";
    EXPECT_EQ(NoticeRenderer{}.render(snapshot, definitions).value().subject,
              "Referat: Status Veien videre");
}

TEST(ShippedNotices, HaveNoProblemAndTheSameVariablesInBothForms) {
    EXPECT_EQ(shipped_notices().notices.size(), 32U);
    for (const auto& [id, notice] : shipped_notices().notices) {
        SCOPED_TRACE(id);
        EXPECT_EQ(integrations::texts::problems_in(notice.nb), std::vector<std::string>{});
        EXPECT_EQ(integrations::texts::problems_in(notice.nn), std::vector<std::string>{});
        const auto names = [](const workflows::Notice::Twin& twin) {
            std::vector<std::string> all;
            for (const std::string* part : {&twin.subject, &twin.preheader, &twin.markdown}) {
                for (const auto& placeholder : workflows::placeholders_in(*part)) {
                    all.push_back(placeholder.name);
                }
            }
            return all;
        };
        EXPECT_EQ(names(notice.nb), names(notice.nn));
    }
}

/// Every value that comes from people or files, replaced.
void replace_values(MessageSnapshot& snapshot, const std::string& value) {
    snapshot.to.name = value;
    snapshot.organisation_name = value;
    for (auto& copy : snapshot.copies) {
        copy.name = value;
    }
    for (auto& item : snapshot.items) {
        item.requirement_title = {value, value};
        item.cohort_title = {value, value};
        item.state_title = {value, value};
        item.instructions = {value, value};
        for (std::string* text :
             {&item.debtor_name, &item.deliver_to, &item.case_number, &item.responsible_name,
              &item.responsible_email, &item.responsible_phone, &item.debtor_contact_name,
              &item.debtor_contact_email, &item.debtor_contact_phone}) {
            *text = value;
        }
        item.deliver_copy = {value};
        for (auto& [name, text] : item.fields) {
            text = value;
        }
    }
}

void expect_same_structure(MessageSnapshot snapshot, const std::vector<std::string>& values) {
    replace_values(snapshot, "verdi");
    // What somebody wrote on several lines stands on several lines, and that is all it does.
    const auto structure_of = [](const RenderedMessage& mail) {
        std::string html = mail.html;
        for (const std::string line_break : {"</strong><br>\n<strong>", "<br>\n"}) {
            for (auto at = html.find(line_break); at != std::string::npos;
                 at = html.find(line_break, at)) {
                html.erase(at, line_break.size());
            }
        }
        return tags_of(html);
    };
    const auto expected = structure_of(render(snapshot));
    for (const std::string& value : values) {
        replace_values(snapshot, "v" + value);
        const auto mail = render(snapshot);
        EXPECT_EQ(structure_of(mail), expected) << value.substr(0, 80);
        EXPECT_LE(characters_in(mail.subject), 78U);
        EXPECT_EQ(mail.subject.find_first_of("\r\n"), std::string::npos);
        EXPECT_EQ(mail.text.find('\r'), std::string::npos);
        EXPECT_EQ(mail.text.find("\xE2\x80\xAE"), std::string::npos);
    }
}

TEST(HostileValues, NeverChangeTheStructure) {
    const std::vector<std::string> values{
        "**x** <b> [a](http://evil.example)",
        "<script>alert(1)</script>",
        "</td></table>",
        "a\r\nBcc: x@evil.example\r\n\r\n# Tittel",
        "\n\n- a\n- b\n\n---\n",
        "{{recipient_name}}",
        "{{#cases}}{{/cases}}",
        "\xE2\x80\xAE snudd",
        "&lt;b&gt;",
        "\" onload=\"x",
        "\xFF\xFE",
        "<https://evil.example>",
        "![x](https://evil.example/x.png)",
        "\\",
        "`",
        "~~~\n",
        std::string(50'000, 'x'),
    };
    for (const char* notice : {"reminder", "call-them", "incomplete", "receipt", "minutes"}) {
        SCOPED_TRACE(notice);
        expect_same_structure(one_case(notice, Language::Nb), values);
        expect_same_structure(several_cases(notice, Language::Nn), values);
    }
}

RC_GTEST_PROP(HostileValues, OfAnyBytesNeverChangeTheStructure, (const std::string& value)) {
    auto snapshot = several_cases("overdue", Language::Nn);
    replace_values(snapshot, "verdi");
    const auto expected = tags_of(render(snapshot).html);
    replace_values(snapshot, "v" + value);
    const auto mail = render(snapshot);
    RC_ASSERT(tags_of(mail.html) == expected);
    RC_ASSERT(mail.subject.find_first_of("\r\n") == std::string::npos);
}

TEST(HostileValues, StandInTheMailAsTheyWereWritten) {
    auto snapshot = one_case("reminder", Language::Nb);
    snapshot.items[0].debtor_name = "**x** <b> [a](http://evil) {{role}}";
    const auto mail = render(snapshot);
    EXPECT_NE(mail.text.find("- Gjelder: **x** <b> [a](http://evil) {{role}}\n"), std::string::npos)
        << mail.text;
    EXPECT_NE(mail.html.find("Gjelder: **x** &lt;b&gt; [a](http://evil) {{role}}</li>"),
              std::string::npos);
    EXPECT_EQ(mail.html.find("<a "), std::string::npos);
}

struct ChoiceRow {
    std::string name;
    workflows::NoticeKind kind;
    std::vector<std::string> notices;
    bool softened;
    std::string expected;
};
void PrintTo(const ChoiceRow& row, std::ostream* out) {
    *out << row.name;
}

class Choice : public testing::TestWithParam<ChoiceRow> {};

TEST_P(Choice, OfTheNotice) {
    auto snapshot = one_case("reminder", Language::Nb);
    snapshot.kind = GetParam().kind;
    const auto item = snapshot.items[0];
    snapshot.items.clear();
    for (const std::string& notice : GetParam().notices) {
        snapshot.items.push_back(item);
        snapshot.items.back().notice = notice;
        snapshot.items.back().softened = GetParam().softened;
    }
    const auto chosen = integrations::notice_for(snapshot, shipped_notices());
    EXPECT_EQ(chosen.ok() ? chosen.value()->id : chosen.error().message, GetParam().expected);
}

constexpr auto kReminder = workflows::NoticeKind::Reminder;
constexpr auto kChange = workflows::NoticeKind::Change;
INSTANTIATE_TEST_SUITE_P(
    All, Choice,
    testing::Values(
        ChoiceRow{"one", kReminder, {"reminder"}, false, "reminder"},
        ChoiceRow{"softened", kReminder, {"overdue"}, true, "overdue-softened"},
        ChoiceRow{"softened_by_name", kReminder, {"overdue-softened"}, true, "overdue-softened"},
        ChoiceRow{"softened_without_twin", kReminder, {"call-them"}, true, "call-them"},
        ChoiceRow{"alike", kReminder, {"reminder", "reminder"}, false, "collective"},
        ChoiceRow{"list", kReminder, {"call-them", "call-them"}, false, "call-them"},
        ChoiceRow{"lists", kReminder, {"call-them", "nudge-creditor"}, false, "collective"},
        ChoiceRow{"changes", kChange, {"new-deadline", "not-found"}, false, "collective-news"},
        ChoiceRow{"unknown",
                  kReminder,
                  {"nothing"},
                  false,
                  "the notice 'nothing' is not in the configuration; add it to messages/nb and nn"},
        ChoiceRow{"none", kReminder, {}, false, "a message without a case"}),
    [](const auto& test) { return test.param.name; });

TEST(Renderer, FollowsTheConfigurationAndServesManyThreads) {
    const NoticeRenderer renderer;
    auto changed = shipped_notices();
    changed.hash = "changed";
    changed.notices.find("reminder")->second.nb.subject = "Nytt emne";
    const auto snapshot = one_case("reminder", Language::Nb);
    const auto before = render(snapshot).subject;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                EXPECT_EQ(renderer.render(snapshot, shipped_notices()).value().subject, before);
                EXPECT_EQ(renderer.render(snapshot, changed).value().subject, "Nytt emne");
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
}

TEST(Renderer, SaysWhatIsMissing) {
    const NoticeRenderer renderer;
    auto snapshot = one_case("reminder", Language::Nb);
    workflows::Definitions none;
    EXPECT_EQ(renderer.render(snapshot, none).error().message,
              "the configuration has no time zone");
    none.zone = shipped_notices().zone;
    EXPECT_EQ(renderer.render(snapshot, none).error().kind, workflows::ErrorKind::NotFound);
    none.notices = shipped_notices().notices;
    none.notices.find("reminder")->second.nb.markdown = "# a\n\n{{feil}}";
    EXPECT_EQ(renderer.render(snapshot, none).error().message,
              "notice 'reminder' (nb): line 3: there is no variable 'feil'");
}

TEST(Renderer, GivesBytesForTheTransport) {
    const NoticeRenderer renderer;
    const auto snapshot = one_case("reminder", Language::Nb);
    const auto bytes = renderer.to_bytes(snapshot, render(snapshot), shipped_notices());
    ASSERT_TRUE(bytes.ok()) << bytes.error().message;
    EXPECT_NE(bytes.value().find("\r\n\r\n"), std::string::npos);
}

}  // namespace
}  // namespace fristvakt::tests
