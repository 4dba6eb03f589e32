#include <string>

#include "workflows/definition/workflow.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::workflows {

namespace {

/// Writes a machine as one text in which no two machines look alike: every list begins with its
/// length, every word with its own.
class Writer {
 public:
    void add(std::string_view word) {
        text_.append(std::to_string(word.size())).append(":").append(word).append(" ");
    }
    void add(bool value) { add(value ? std::string_view{"yes"} : std::string_view{"no"}); }
    void add(const std::string& word) { add(std::string_view{word}); }
    void add(Party party) { add(to_string(party)); }

    void add(const Assignment& value) {
        add(value.target);
        add(value.field);
        add(value.optional);
    }

    void add(const FieldDeclaration& value) {
        add(value.name);
        add(std::to_string(static_cast<int>(value.type)));
        add(value.optional);
    }

    void add(const Tell& value) {
        add(value.event);
        add_all(value.with);
    }

    void add(const Transition& value) {
        add(value.event);
        add_all(value.by);
        add(value.to);
        add_all(value.needs);
        add_all(value.sets);
        add(value.notice);
        add(value.opens);
        add(value.pauses);
        if (!value.shares.empty()) {  // Left out else, as `invites` below.
            add("shares " + value.shares);
        }
    }

    void add(const StateDeadline& value) {
        add(std::to_string(static_cast<int>(value.kind)));
        add(value.kind == StateDeadline::Kind::Own ? to_string(value.expression) : std::string{});
    }

    void add(const State& value) {
        add(value.id);
        add(value.waits_for ? to_string(*value.waits_for) : std::string_view{});
        add_any(value.deadline);
        add(value.ladder);
        add(value.after_deadline_to);
        add_all(value.on);
        add(value.final);
        add_any(value.tells);
        if (value.invites) {  // Left out else: machines from before there were invitations.
            add(std::string_view{"invites"});
        }
    }

    template <typename Item>
    void add_all(const std::vector<Item>& items) {
        add(std::to_string(items.size()));
        for (const Item& item : items) {
            add(item);
        }
    }

    [[nodiscard]] const std::string& text() const { return text_; }

 private:
    template <typename Item>
    void add_any(const std::optional<Item>& item) {
        add(item.has_value());
        if (item) {
            add(*item);
        }
    }

    std::string text_;
};

}  // namespace

std::string fingerprint(const Workflow& workflow) {
    Writer writer;
    writer.add(workflow.id);
    writer.add(workflow.start);
    writer.add_all(workflow.fields);
    writer.add_all(workflow.states);
    return sha256_hex(writer.text());
}

std::optional<std::string> Workflow::migrated(int from_version, const std::string& state_id) const {
    const auto rule = migrates.find(from_version);
    if (rule == migrates.end() || from_version >= version) {
        return std::nullopt;
    }
    const auto renamed = rule->second.find(state_id);
    return renamed == rule->second.end() ? state_id : renamed->second;
}

}  // namespace fristvakt::workflows
