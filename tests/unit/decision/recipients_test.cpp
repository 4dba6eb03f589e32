#include "workflows/decision/recipients.hpp"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/worlds/world.hpp"

namespace fristvakt::tests {
namespace {

using workflows::Case;
using workflows::Recipient;

std::string in_words(const std::vector<Recipient>& recipients) {
    std::string text;
    for (const Recipient& recipient : recipients) {
        text +=
            (text.empty() ? "" : " ") + recipient.address.substr(0, recipient.address.find('@'));
    }
    return text;
}

Case case_at(const std::string& debtor) {
    Case item;
    item.id = "p/plan/" + debtor;
    item.cohort = "p";
    item.requirement = "plan";
    item.debtor = debtor;
    item.creditor = "sf";
    item.workflow = "plan";
    item.state = "awaited";
    return item;
}

struct Row {
    std::string name;
    std::string contacts;  ///< Beside those of `sf`.
    std::string step;      ///< `to` and `copy` of the only step.
    std::string expected;  ///< "to … copy …"
    std::string on{"2021-01-20"};
    std::string debtor{"by"};
    std::vector<std::string> refused{};
    std::string fallback{"postmottak"};
    bool softened{false};
    std::string responsible{};
};

void check(const Row& row) {
    SCOPED_TRACE(row.name);
    World world;
    world.contacts =
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n"
        "sf,Even Nes,even@sf.example,saksbehandler,,,\n" +
        row.contacts;
    if (!row.responsible.empty()) {
        world.requirements =
            "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-01-25, title: {nb: Plan, "
            "nn: Plan}, responsible: " +
            row.responsible + "}\n";
    }
    world.more["ladders/standard.yaml"] =
        ladder_file("standard",
                    {"id: first, at: due - 14 days, to: [ressursperson], notice: reminder",
                     "id: tried, at: due + 1 working day, " + row.step + ", notice: overdue"},
                    row.fallback);
    const auto definitions = world.load();
    Case item = case_at(row.debtor);
    item.softened = row.softened;
    const auto context = workflows::context_of(item, *definitions);
    ASSERT_NE(context.ladder, nullptr);
    const workflows::RefusedAddresses refused{row.refused.begin(), row.refused.end()};
    const auto audience = workflows::audience_of(context.ladder->steps[1], item, context,
                                                 *definitions, day(row.on), refused);
    EXPECT_EQ("to " + in_words(audience.to) + " copy " + in_words(audience.copy), row.expected);
}

const std::string kBoth =
    "by,Kari By,kari@by.example,ressursperson,,,\n"
    "by,Per By,per@by.example,skoleeier,,,\n";
const std::string kOne = "to: [ressursperson]";
const std::string kOneAndCopy = "to: [ressursperson], copy: [skoleeier]";

const std::vector<Row>& rows() {
    static const std::vector<Row> kRows{
        Row{"one_holder", kBoth, kOne, "to kari copy "},
        Row{"with_a_copy", kBoth, kOneAndCopy, "to kari copy per"},
        Row{"two_roles", kBoth, "to: [ressursperson, skoleeier]", "to kari per copy "},
        Row{"all_holders_in_the_order_of_the_file",
            kBoth + "by,Ada By,ada@by.example,ressursperson,,,\n", kOne, "to kari ada copy "},
        Row{"first_day_counts", kBoth + "by,Ny By,ny@by.example,ressursperson,,2021-01-20,\n", kOne,
            "to kari ny copy "},
        Row{"not_before_the_first_day",
            kBoth + "by,Ny By,ny@by.example,ressursperson,,2021-01-21,\n", kOne, "to kari copy "},
        Row{"last_day_counts", "by,Gamle By,old@by.example,ressursperson,,,2021-01-20\n", kOne,
            "to old copy "},
        Row{"after_the_last_day_the_fallback",
            "by,Gamle By,old@by.example,ressursperson,,,2021-01-19\n", kOne, "to post copy "},
        Row{"nobody_falls_back", "by,Per By,per@by.example,skoleeier,,,\n", kOneAndCopy,
            "to post copy per"},
        Row{"fallback_for_to_only", "by,Kari By,kari@by.example,ressursperson,,,\n", kOneAndCopy,
            "to kari copy "},
        Row{"each_role_falls_back_by_itself", "by,Kari By,kari@by.example,ressursperson,,,\n",
            "to: [ressursperson, skoleeier]", "to kari post copy "},
        Row{"both_fall_back_to_one", "", "to: [ressursperson, skoleeier]", "to post copy "},
        Row{"a_contact_in_the_fallback_role", "by,Arkiv By,arkiv@by.example,postmottak,,,\n", kOne,
            "to arkiv copy "},
        Row{"two_hats_once", "by,Kari By,kari@by.example,ressursperson skoleeier,,,\n",
            "to: [ressursperson, skoleeier]", "to kari copy "},
        Row{"no_copy_of_ones_own", "by,Kari By,kari@by.example,ressursperson skoleeier,,,\n",
            kOneAndCopy, "to kari copy "},
        Row{"no_copy_of_ones_own_in_capitals",
            "by,Kari By,kari@by.example,ressursperson,,,\nby,Kari "
            "By,KARI@by.example,skoleeier,,,\n",
            kOneAndCopy, "to kari copy "},
        Row{.name = "refused_leaves_the_other",
            .contacts = kBoth + "by,Ada By,ada@by.example,ressursperson,,,\n",
            .step = kOne,
            .expected = "to ada copy ",
            .refused = {"kari@by.example"}},
        Row{.name = "all_refused_falls_back",
            .contacts = kBoth,
            .step = kOne,
            .expected = "to post copy ",
            .refused = {"kari@by.example"}},
        Row{.name = "refused_fallback_leaves_nobody",
            .contacts = kBoth,
            .step = kOne,
            .expected = "to  copy ",
            .refused = {"kari@by.example", "post@by.example"}},
        Row{.name = "refused_copy_is_left_out",
            .contacts = kBoth,
            .step = kOneAndCopy,
            .expected = "to kari copy ",
            .refused = {"per@by.example"}},
        Row{"creditor_is_at_the_creditor", kBoth, "to: [creditor.saksbehandler]",
            "to ida even copy "},
        Row{.name = "responsible_alone",
            .contacts = kBoth,
            .step = "to: [creditor.saksbehandler]",
            .expected = "to even copy ",
            .responsible = "even@sf.example"},
        Row{.name = "responsible_refused_leaves_the_others",
            .contacts = kBoth,
            .step = "to: [creditor.saksbehandler]",
            .expected = "to ida copy ",
            .refused = {"even@sf.example"},
            .responsible = "even@sf.example"},
        Row{.name = "creditors_fallback_is_the_creditors",
            .contacts = kBoth,
            .step = "to: [creditor.saksbehandler]",
            .expected = "to post copy ",
            .refused = {"even@sf.example", "ida@sf.example"}},
        Row{.name = "softened_reaches_the_debtor_alone",
            .contacts = kBoth,
            .step = "to: [ressursperson, skoleeier]",
            .expected = "to kari copy ",
            .softened = true},
        Row{.name = "softened_has_no_copies",
            .contacts = kBoth,
            .step = kOneAndCopy,
            .expected = "to kari copy ",
            .softened = true},
        Row{.name = "softened_does_not_escalate",
            .contacts = kBoth,
            .step = "to: [creditor.saksbehandler]",
            .expected = "to  copy ",
            .softened = true},
        Row{.name = "softened_falls_back_too",
            .contacts = "by,Per By,per@by.example,skoleeier,,,\n",
            .step = kOneAndCopy,
            .expected = "to post copy ",
            .softened = true}};
    return kRows;
}

TEST(Audiences, AreWhoHoldsTheRoleThatDay) {
    for (const Row& row : rows()) {
        check(row);
    }
}

struct LanguageRow {
    std::string name;
    std::string organisation;  ///< nb, nn or neutral.
    std::string contact;
    std::string installation;
    workflows::Language expected;
};

void check(const LanguageRow& row) {
    SCOPED_TRACE(row.name);
    World world;
    world.sending = "default_language: " + row.installation;
    world.organisations =
        "sf,Statsforvalteren,embete,,,neutral,post@sf.example\n"
        "by,By kommune,kommune,,sf," +
        row.organisation + ",post@by.example\n";
    world.contacts =
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n"
        "by,Kari By,kari@by.example,ressursperson," +
        row.contact + ",,\n";
    world.participants = "[by]";
    const auto definitions = world.load();
    const Case item = case_at("by");
    const auto found = workflows::holders({workflows::Party::Debtor, "ressursperson"}, item,
                                          workflows::context_of(item, *definitions), *definitions,
                                          day("2021-01-20"), {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found.front().language, row.expected);
}

TEST(Languages, FollowTheKommuneThenTheContactThenTheInstallation) {
    for (const LanguageRow& row :
         {LanguageRow{"nb_wins_over_the_contact", "nb", "nn", "nn", workflows::Language::Nb},
          LanguageRow{"nn_wins_over_the_contact", "nn", "nb", "nb", workflows::Language::Nn},
          LanguageRow{"neutral_asks_the_contact_nn", "neutral", "nn", "nb",
                      workflows::Language::Nn},
          LanguageRow{"neutral_asks_the_contact_nb", "neutral", "nb", "nn",
                      workflows::Language::Nb},
          LanguageRow{"neutral_without_a_wish_nb", "neutral", "", "nb", workflows::Language::Nb},
          LanguageRow{"neutral_without_a_wish_nn", "neutral", "", "nn", workflows::Language::Nn}}) {
        check(row);
    }
}

TEST(Recipients, AnswersReachThePeopleThatTheLadderIsAbout) {
    const auto definitions = World{}.load();
    for (const auto& [debtor, expected] :
         std::map<std::string, std::string>{{"by", "kari"}, {"dal", "marta"}, {"vik", "post"}}) {
        const Case item = case_at(debtor);
        EXPECT_EQ(
            in_words(workflows::debtor_contacts(item, workflows::context_of(item, *definitions),
                                                *definitions, day("2021-01-20"), {})),
            expected);
    }
}

TEST(Recipients, APseudonymIsTheSameForOneAddressAndOneSaltOnly) {
    EXPECT_EQ(workflows::person_id("a", "Kari@by.example"),
              workflows::person_id("a", "kari@by.example"));
    EXPECT_NE(workflows::person_id("a", "kari@by.example"),
              workflows::person_id("b", "kari@by.example"));
    EXPECT_NE(workflows::person_id("a", "bc@x.example"), workflows::person_id("ab", "c@x.example"));
}

}  // namespace
}  // namespace fristvakt::tests
