// Names, titles and fields of strangers in the notices that we ship: nothing of them becomes
// markup, nothing of them a second line.

#include <algorithm>
#include <string>
#include <vector>

#include "integrations/embedded/embedded.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "integrations/texts/plain_value.hpp"
#include "integrations/yaml/configuration.hpp"
#include "tests/fuzz/fields.hpp"
#include "tests/fuzz/markup.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace workflows;

std::shared_ptr<const Definitions> shipped() {
    static const auto kShipped = [] {
        integrations::ConfigurationFiles files{.name = "config", .files = {}};
        for (const auto& file : integrations::embedded_config()) {
            files.files.emplace(file.path, file.content);
        }
        files.files.erase("demo-events.jsonl");
        return integrations::load_configuration(files, {}).definitions;
    }();
    demand(kShipped != nullptr, "what is shipped is right");
    return kShipped;
}

Deadline due() {
    const auto expression = parse_deadline("2021-01-09 + 14 days").value();
    return evaluate(expression, {}, FreeDayRule::NextWorkingDay, shipped()->time_zone()).value();
}

/// Every value that comes from people; `tame` puts a word in the place of each that says something.
struct Values {
    std::vector<std::string> all;
    [[nodiscard]] std::string at(std::size_t index, bool tame) const {
        const std::string& value = all.at(index);
        return tame && !integrations::texts::plain_value(value).empty() ? "ord" : value;
    }
};
constexpr std::size_t kValues{16};

MessageSnapshot message_of(const std::string& notice, const Values& values, bool tame,
                           Language language) {
    const auto value = [&](std::size_t index) { return values.at(index, tame); };
    MessageSnapshot::Item item;
    item.case_id = "pulje-5/plan/gjovik";
    item.notice = notice;
    item.due = due();
    item.answer_by = due();
    item.requirement_title = {value(0), value(0)};
    item.cohort_title = {value(1), value(1)};
    item.debtor_name = value(2);
    item.state_title = {value(3), value(3)};
    item.instructions = {value(4), value(4)};
    item.deliver_to = value(5);
    item.case_number = value(6);
    item.responsible_name = value(7);
    item.responsible_email = value(8);
    item.responsible_phone = value(9);
    item.debtor_contact_name = value(10);
    item.fields = {{"missing", value(11)}, {"reason", value(12)}, {"document_number", value(13)}};
    MessageSnapshot snapshot;
    snapshot.number = 1;
    snapshot.message_id = "m1@sf-innlandet.example";
    snapshot.language = language;
    snapshot.at = due().ends_at + Seconds{86400};
    snapshot.kind = shipped()->find_notice(notice)->kind;
    snapshot.to = {.id = "p", .address = "kari@gjovik.example", .name = value(14)};
    snapshot.organisation = "gjovik";
    snapshot.organisation_name = value(15);
    snapshot.recipient_role = "ressursperson";
    snapshot.items = {item};
    return snapshot;
}

void look_at(const RenderedMessage& message) {
    demand(integrations::texts::characters_in(message.subject) <= 78, "a subject is short",
           message.subject);
    for (const std::string* line : {&message.subject, &message.text}) {
        demand(std::ranges::all_of(*line,
                                   [&](char c) {
                                       return static_cast<unsigned char>(c) >= 0x20 ||
                                              (c == '\n' && line == &message.text);
                                   }),
               "no control characters", *line);
    }
}

}  // namespace

void try_notice(std::string_view text) {
    static const integrations::NoticeRenderer kRenderer;
    Fields fields{text};
    std::vector<std::string> ids;
    for (const auto& [id, notice] : shipped()->notices) {
        ids.push_back(id);
    }
    const std::string& notice = ids.at(fields.choice(ids.size()));
    const Language language = fields.choice(2) == 0 ? Language::Nb : Language::Nn;
    Values values;
    for (std::size_t i = 0; i < kValues; ++i) {
        values.all.push_back(fields.next());
    }
    const auto hostile = kRenderer.render(message_of(notice, values, false, language), *shipped());
    const auto tame = kRenderer.render(message_of(notice, values, true, language), *shipped());
    demand(hostile.ok() && tame.ok(), "a notice is written", notice);
    look_at(hostile.value());
    demand(tags_of(hostile.value().html) == tags_of(tame.value().html), "no value is markup",
           hostile.value().html);
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_notice(fristvakt::fuzz::text_of(data, size));
    return 0;
}
