#include "tests/unit/texts/notice_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/source_dir.hpp"

namespace fristvakt::tests {

namespace {

using workflows::Definitions;
using workflows::Language;
using workflows::MessageSnapshot;
using workflows::Notice;
using workflows::NoticeKind;

const workflows::TimeZone& oslo() {
    static const auto kZone = workflows::TimeZone::locate("Europe/Oslo").value();
    return kZone;
}

/// `key: value` or `key: "value"` between two lines of dashes, then Markdown.
struct NoticeFile {
    std::map<std::string, std::string> front;
    std::string markdown;
};

NoticeFile read_notice(const std::filesystem::path& path) {
    std::ifstream stream(path);
    std::string line;
    NoticeFile file;
    std::getline(stream, line);
    EXPECT_EQ(line, "---") << path;
    while (std::getline(stream, line) && line != "---") {
        const auto colon = line.find(": ");
        EXPECT_NE(colon, std::string::npos) << path << ": " << line;
        std::string value = line.substr(colon + 2);
        if (value.starts_with('"')) {
            value = value.substr(1, value.size() - 2);
        }
        file.front.emplace(line.substr(0, colon), value);
    }
    std::ostringstream rest;
    rest << stream.rdbuf();
    file.markdown = rest.str();
    return file;
}

NoticeKind kind_of(const std::string& word) {
    EXPECT_TRUE(word == "reminder" || word == "answer" || word == "change" || word == "invitation")
        << word;
    return word == "answer"       ? NoticeKind::Answer
           : word == "change"     ? NoticeKind::Change
           : word == "invitation" ? NoticeKind::Invitation
                                  : NoticeKind::Reminder;
}

Notice::Twin twin_of(const NoticeFile& file) {
    Notice::Twin twin;
    twin.subject = file.front.at("subject");
    twin.preheader = file.front.at("preheader");
    twin.markdown = file.markdown;
    return twin;
}

Definitions read_shipped() {
    Definitions definitions;
    definitions.zone = oslo();
    definitions.hash = "shipped";
    definitions.installation.name = {"Statsforvalteren i Innlandet",
                                     "Statsforvaltaren i Innlandet"};
    definitions.installation.organisation = "sf-innlandet";
    definitions.installation.mail.from = "fristvakt@sf-innlandet.example";
    definitions.installation.mail.reply_to = "post@sf-innlandet.example";
    const std::filesystem::path root = source_dir() / "config/messages";
    for (const auto& entry : std::filesystem::directory_iterator(root / "nb")) {
        const auto nb = read_notice(entry.path());
        const auto nn = read_notice(root / "nn" / entry.path().filename());
        Notice notice;
        notice.id = entry.path().stem().string();
        notice.kind = kind_of(nb.front.at("kind"));
        notice.nb = twin_of(nb);
        notice.nn = twin_of(nn);
        definitions.notices.emplace(notice.id, notice);
    }
    definitions.index();
    return definitions;
}

struct Moment {
    std::string_view notice;
    std::string_view at;
};
/// When the shipped ladder sends each; the answers when somebody does something.
constexpr Moment kMoments[] = {
    {"reminder", "2021-01-11T08:00"},
    {"reminder-softened", "2021-01-11T08:00"},
    {"reminder-soon", "2021-01-20T08:00"},
    {"reminder-soon-softened", "2021-01-24T08:00"},
    {"overdue", "2021-01-26T08:00"},
    {"overdue-softened", "2021-01-28T08:00"},
    {"overdue-again", "2021-02-02T08:00"},
    {"overdue-again-softened", "2021-02-02T08:00"},
    {"call-them", "2021-02-09T08:00"},
    {"nudge-creditor", "2021-01-27T08:00"},
    {"claim-noted", "2021-01-22T10:00"},
    {"receipt", "2021-01-26T09:00"},
    {"not-found", "2021-01-26T09:00"},
    {"new-deadline", "2021-01-21T12:00"},
    {"incomplete", "2021-01-28T14:30"},
    {"extension-declined", "2021-01-21T12:00"},
    {"ask-suggestions", "2021-01-11T08:00"},
    {"set-date", "2021-01-28T08:00"},
    {"send-invitation", "2021-02-25T08:00"},
    {"send-agenda", "2021-03-11T08:00"},
    {"register-attendance", "2021-03-24T08:00"},
    {"send-minutes", "2021-04-06T08:00"},
    {"answer-invitation", "2021-03-12T08:00"},
    {"meeting-soon", "2021-03-19T08:00"},
    {"agenda", "2021-03-16T10:00"},
    {"minutes", "2021-03-25T10:00"},
    {"invitation", "2021-02-26T10:00"},
    {"invitation-moved", "2021-03-05T10:00"},
    {"invitation-cancelled", "2021-03-08T10:00"},
    {"invitation-withdrawn", "2021-03-08T10:00"},
    {"collective", "2021-01-26T08:00"},
    {"collective-news", "2021-01-26T08:00"},
};

workflows::Instant moment_of(std::string_view notice) {
    for (const Moment& moment : kMoments) {
        if (moment.notice == notice) {
            return at(moment.at);
        }
    }
    ADD_FAILURE() << "no moment for the notice " << notice;
    return {};
}

bool goes_to_receiver(std::string_view notice) {
    return notice == "call-them" || notice == "nudge-creditor" || is_about_a_meeting(notice);
}

void make_meeting(std::string_view notice, MessageSnapshot::Item& item) {
    item.case_id = "pulje-5/nettverk/2021-var";
    item.requirement_title = {"Nettverk for ressurspersoner", "Nettverk for ressurspersonar"};
    item.debtor_name = "Statsforvalteren i Innlandet";
    item.due = deadline("2021-02-01");
    item.instructions = {};
    item.deliver_to.clear();
    item.deliver_copy.clear();
    item.case_number.clear();
    item.debtor_contact_name.clear();
    item.debtor_contact_email.clear();
    item.debtor_contact_phone.clear();
    if (notice == "set-date") {
        item.answer_by = {};
        item.state_title = {"Uten dato", "Utan dato"};
        return;
    }
    item.answer_by = deadline(notice == "send-invitation" ? "2021-03-02"
                              : notice == "send-agenda"   ? "2021-03-16"
                                                          : "2021-04-09");
    item.state_title = {"Dato er satt", "Dato er sett"};
    item.fields = {{"start", "2021-03-23T09:00"}, {"end", "2021-03-23T12:00"}, {"place", "Teams"}};
}

MessageSnapshot::Item plan_of_gjovik(std::string_view notice) {
    MessageSnapshot::Item item;
    item.case_id = "pulje-5/plan/gjovik";
    item.notice = std::string(notice);
    item.requirement_title = {"Kommunens plan", "Planen til kommunen"};
    item.cohort_title = {"Inkluderende barnehage- og skolemiljø",
                         "Inkluderande barnehage- og skulemiljø"};
    item.debtor_name = "Gjøvik kommune";
    const bool is_moved = notice == "new-deadline" || notice == "incomplete";
    item.due = deadline(is_moved ? "2021-02-12" : "2021-01-25");
    item.answer_by = deadline("2021-01-22 + 5 working days");
    item.state_title = {"Meldt sendt", "Meldt send"};
    item.instructions = {"Bruk malen i brevet.", "Bruk malen i brevet."};
    item.deliver_to = "post@sf-innlandet.example";
    item.deliver_copy = {"saksbehandler@sf-innlandet.example"};
    item.case_number = "2020/1234";
    item.responsible_name = "Ola Hansen";
    item.responsible_email = "saksbehandler@sf-innlandet.example";
    item.responsible_phone = "00 00 00 00";
    item.debtor_contact_name = "Kari Nordmann";
    item.debtor_contact_email = "kari.nordmann@gjovik.example";
    item.debtor_contact_phone = "00 00 00 01";
    item.event_at = moment_of(notice);
    if (notice == "incomplete") {
        item.fields = {{"until", "2021-02-12"}, {"missing", "Vedtak og budsjett"}};
    } else if (notice == "extension-declined") {
        item.fields = {{"until", "2021-03-01"}, {"reason", "Udir treng planane i februar"}};
    } else if (notice == "receipt") {
        item.fields = {{"document_number", "12"}};
    } else if (is_about_a_meeting(notice) || is_invitation(notice)) {
        make_meeting(notice, item);
    }
    if (is_invitation(notice) && notice != "invitation-cancelled" &&
        notice != "invitation-withdrawn" && notice != "agenda" && notice != "minutes") {
        item.fields["agenda"] = "Informasjon · status · veien videre";
        item.fields["answer_link"] =
            "https://frister.sf-innlandet.example/m/p0f/pulje-5/nettverk/2021-var";
    }
    if (notice == "meeting-soon") {
        item.fields["join_url"] = "https://teams.example/l/meetup-join/1";
    }
    if (notice == "agenda" || notice == "minutes") {
        item.fields[std::string{notice}] = "1. Status\n2. Veien videre\n\nVel møtt!";
    }
    if (notice == "invitation-moved") {
        item.fields["was_start"] = "2021-03-16T09:00";
        item.fields["was_end"] = "2021-03-16T12:00";
        item.fields["was_place"] = "Lampeland";
    } else if (notice == "invitation-cancelled") {
        item.fields["reason"] = "Foredragsholderen er syk";
        item.fields["postponed"] = "yes";
    }
    return item;
}

MessageSnapshot message_of(std::string_view notice, Language language) {
    MessageSnapshot snapshot;
    snapshot.number = 42;
    snapshot.message_id = "m42@sf-innlandet.example";
    snapshot.language = language;
    snapshot.at = moment_of(notice);
    if (const Notice* known = shipped_notices().find_notice(notice)) {
        snapshot.kind = known->kind;
    }
    if (goes_to_receiver(notice)) {
        snapshot.to = {"p1", "saksbehandler@sf-innlandet.example", "Ola Hansen"};
        snapshot.recipient_role = "creditor.saksbehandler";
        snapshot.organisation = "sf-innlandet";
        snapshot.organisation_name = "Statsforvalteren i Innlandet";
        return snapshot;
    }
    snapshot.to = {"p2", "kari.nordmann@gjovik.example", "Kari Nordmann"};
    snapshot.recipient_role = "ressursperson";
    snapshot.organisation = "gjovik";
    snapshot.organisation_name = "Gjøvik kommune";
    if (notice.starts_with("overdue") && !notice.ends_with("softened")) {
        snapshot.copies = {{"p3", "skoleeier@gjovik.example", "Per Olsen"}};
    }
    return snapshot;
}

}  // namespace

bool is_invitation(std::string_view notice) {
    return notice.starts_with("invitation") || notice == "answer-invitation" ||
           notice == "meeting-soon" || notice == "agenda" || notice == "minutes";
}

bool is_about_a_meeting(std::string_view notice) {
    return notice == "set-date" || notice == "send-invitation" || notice == "send-agenda" ||
           notice == "register-attendance" || notice == "send-minutes";
}

const Definitions& shipped_notices() {
    static const Definitions kShipped = read_shipped();
    return kShipped;
}

workflows::Instant at(std::string_view local_time) {
    return oslo().to_instant(workflows::parse_local_time(local_time).value());
}

workflows::Deadline deadline(std::string_view expression) {
    const auto parsed = workflows::parse_deadline(expression);
    EXPECT_TRUE(parsed.ok()) << expression;
    return workflows::evaluate(parsed.value(), {}, workflows::FreeDayRule::NextWorkingDay, oslo())
        .value();
}

MessageSnapshot one_case(std::string_view notice, Language language) {
    MessageSnapshot snapshot = message_of(notice, language);
    snapshot.items = {plan_of_gjovik(notice)};
    return snapshot;
}

MessageSnapshot several_cases(std::string_view notice, Language language) {
    MessageSnapshot snapshot = one_case(notice, language);
    MessageSnapshot::Item report = snapshot.items[0];
    report.case_id = "pulje-5/rapport/2020/gjovik";
    report.requirement_title = {"Underveisrapport", "Undervegsrapport"};
    report.due = deadline("2021-01-09 + 1 week");
    report.instructions = {};
    MessageSnapshot::Item other = snapshot.items[0];
    other.case_id = "pulje-5/plan/hamar";
    other.debtor_name = "Hamar kommune";
    other.debtor_contact_name = "Ali Berg";
    other.debtor_contact_phone = "";
    other.debtor_contact_email = "ali.berg@hamar.example";
    other.case_number = "2020/1235";
    snapshot.items.push_back(other);
    snapshot.items.push_back(report);
    if (is_about_a_meeting(notice)) {
        // Another meeting, and one that has to be dealt with later.
        for (std::size_t i = 1; i < snapshot.items.size(); ++i) {
            auto& item = snapshot.items[i];
            item = snapshot.items[0];
            item.case_id = "pulje-" + std::to_string(5 + i) + "/samling/2021-var";
            item.requirement_title = {"Regional samling", "Regional samling"};
        }
        auto& later = snapshot.items.back();
        (later.answer_by ? later.answer_by : later.due) = deadline("2021-05-10");
    }
    return snapshot;
}

workflows::MessageSnapshot calm_week(Language language) {
    workflows::MessageSnapshot snapshot;
    snapshot.number = 7;
    snapshot.message_id = "m7@sf-innlandet.example";
    snapshot.kind = workflows::NoticeKind::Digest;
    snapshot.language = language;
    snapshot.at = at("2021-02-01T07:30");
    snapshot.to = {"p1", "saksbehandler@sf-innlandet.example", "Ola Hansen"};
    snapshot.organisation = "sf-innlandet";
    snapshot.digest = workflows::WeeklyDigest{};
    snapshot.digest->week = 4;
    return snapshot;
}

workflows::MessageSnapshot busy_week(Language language) {
    using workflows::WeeklyDigest;
    auto snapshot = calm_week(language);
    WeeklyDigest& digest = *snapshot.digest;
    const workflows::Text plan{"Kommunens plan", "Planen til kommunen"};
    const auto day = [](const char* text) { return *workflows::parse_iso_date(text); };
    digest.week = 5;
    digest.waiting = {{.case_id = "pulje-5/plan/gjovik",
                       .debtor_name = "Gjøvik kommune",
                       .requirement_title = plan,
                       .state_title = {"Meldt sendt", "Meldt send"},
                       .due = day("2021-01-25"),
                       .answer_by = day("2021-02-05"),
                       .days_over = 7,
                       .reminders_sent = 2,
                       .is_refused = false}};
    digest.waiting_count = 1;
    digest.overdue = {{.case_id = "pulje-5/plan/sel",
                       .debtor_name = "Sel kommune",
                       .requirement_title = plan,
                       .state_title = {"Ventes", "Ventar"},
                       .due = day("2021-01-25"),
                       .answer_by = {},
                       .days_over = 7,
                       .reminders_sent = 3,
                       .is_refused = true},
                      {.case_id = "pulje-5/plan/hamar",
                       .debtor_name = "Hamar <kommune>",
                       .requirement_title = plan,
                       .state_title = {"Ventes", "Ventar"},
                       .due = day("2021-01-31"),
                       .answer_by = {},
                       .days_over = 1,
                       .reminders_sent = 1,
                       .is_refused = false}};
    digest.overdue_count = 22;
    digest.due = {{day("2021-02-04"), plan, {"Lom kommune", "Skjåk kommune"}}};
    digest.due_count = 2;
    digest.sendings = {{day("2021-02-02"), 5}, {day("2021-02-04"), 1}};
    return snapshot;
}

std::vector<Sample> samples(Language language) {
    std::vector<Sample> all;
    for (const auto& [id, notice] : shipped_notices().notices) {
        if (!id.starts_with("collective")) {
            all.push_back({id + "-one", one_case(id, language)});
            const bool is_shared = id == "agenda" || id == "minutes";
            if (notice.kind != NoticeKind::Invitation && !is_shared) {  // Each goes alone.
                all.push_back({id + "-several", several_cases(id, language)});
            }
        }
    }
    // Thirteen kommuner share requirement, deadline and case number.
    auto list = one_case("call-them", language);
    for (const char* name : {"Hamar kommune", "Sel kommune", "Nord-Odal kommune"}) {
        list.items.push_back(list.items[0]);
        list.items.back().case_id += name;
        list.items.back().debtor_name = name;
    }
    list.items.back().debtor_contact_name.clear();
    list.items.back().debtor_contact_phone.clear();
    list.items.back().debtor_contact_email.clear();
    all.push_back({"call-them-same-requirement", list});

    auto mixed = several_cases("overdue", language);
    mixed.items[0].notice = "reminder";
    mixed.items[0].due = deadline("2021-02-09");
    mixed.items[1].notice = "overdue-again";
    mixed.items[1].softened = true;
    mixed.items[2].notice = "call-them";
    all.push_back({"collective-mixed", mixed});

    auto receiver = several_cases("nudge-creditor", language);
    receiver.items[0].notice = "call-them";
    receiver.items.push_back(one_case("send-agenda", language).items[0]);
    receiver.items.push_back(one_case("set-date", language).items[0]);
    all.push_back({"collective-receiver", receiver});

    auto news = several_cases("receipt", language);
    news.items[0].notice = "new-deadline";
    news.items[0].due = deadline("2021-02-12");
    news.items[1].notice = "not-found";
    all.push_back({"collective-news-mixed", news});

    auto place = one_case("invitation-moved", language);
    place.items[0].fields["was_start"] = place.items[0].fields.at("start");
    place.items[0].fields["was_end"] = place.items[0].fields.at("end");
    place.recipient_role = "signed-up";
    all.push_back({"invitation-moved-place", place});

    auto again = one_case("invitation", language);
    again.items[0].fields["called_again"] = "yes";
    again.items[0].fields["agenda"] = "1. Status\n2. Veien videre";
    again.items[0].fields["prework"] = language == Language::Nb
                                           ? "Notat, innen tirsdag 16. mars 2021"
                                           : "Notat, innan tysdag 16. mars 2021";
    all.push_back({"invitation-again", again});

    auto lapsed = one_case("invitation-cancelled", language);
    lapsed.items[0].fields["prework_lapsed"] = "yes";
    all.push_back({"invitation-cancelled-prework-waits", lapsed});
    lapsed.items[0].fields.erase("postponed");
    all.push_back({"invitation-cancelled-prework-lapsed", lapsed});

    auto declined = one_case("minutes", language);
    declined.items[0].fields["declined"] = "yes";
    declined.items[0].debtor_name = "Kongsbergregionen";
    all.push_back({"minutes-declined", declined});

    auto missing = one_case("incomplete", language);
    missing.items[0].fields["missing"] = "- Vedtak\n- Budsjett";
    all.push_back({"incomplete-list", missing});
    missing = several_cases("incomplete", language);
    missing.items[0].fields["missing"] = "- Vedtak\n- Budsjett";
    all.push_back({"incomplete-list-several", missing});

    for (const char* notice : {"reminder", "call-them"}) {
        auto prework = one_case(notice, language);
        const char* const meeting = "Regional samling, fredag 12. februar 2021 kl. 08.30–14.30";
        prework.items[0].fields["for_meeting"] = meeting;
        all.push_back({notice + std::string{"-prework"}, prework});
        prework = several_cases(notice, language);
        prework.items[1].fields["for_meeting"] = meeting;
        all.push_back({notice + std::string{"-prework-several"}, prework});
    }

    auto postmottak = one_case("reminder", language);
    postmottak.to = {"p4", "postmottak@gjovik.example", ""};
    postmottak.recipient_role = "postmottak";
    all.push_back({"reminder-postmottak", postmottak});

    auto bare = one_case("reminder", language);
    bare.to.name.clear();
    bare.number = 0;
    auto& item = bare.items[0];
    item.cohort_title = {};
    item.instructions = {};
    item.deliver_to.clear();
    item.deliver_copy.clear();
    item.case_number.clear();
    item.responsible_name.clear();
    item.responsible_email.clear();
    item.responsible_phone.clear();
    all.push_back({"reminder-bare", bare});

    auto noon = one_case("reminder-soon", language);
    noon.items[0].due = deadline("2021-01-20 12:00");
    all.push_back({"reminder-soon-today-noon", noon});
    return all;
}

}  // namespace fristvakt::tests
