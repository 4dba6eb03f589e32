#include <algorithm>

#include "workflows/definition/workflow.hpp"

namespace fristvakt::workflows {

namespace {

bool same(const Transition& a, const Transition& b);
bool same(const State& a, const State& b);

bool same(const Assignment& a, const Assignment& b) {
    return a.target == b.target && a.field == b.field && a.optional == b.optional;
}

bool same(const FieldDeclaration& a, const FieldDeclaration& b) {
    return a.name == b.name && a.type == b.type && a.optional == b.optional;
}

template <typename Item>
bool all_same(const std::vector<Item>& a, const std::vector<Item>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Item& left, const Item& right) { return same(left, right); });
}

bool same(const Tell& a, const Tell& b) {
    return a.event == b.event && all_same(a.with, b.with);
}

bool same(const Transition& a, const Transition& b) {
    return a.event == b.event && a.by == b.by && a.to == b.to && a.needs == b.needs &&
           all_same(a.sets, b.sets) && a.notice == b.notice && a.opens == b.opens &&
           a.pauses == b.pauses;
}

bool same(const StateDeadline& a, const StateDeadline& b) {
    return a.kind == b.kind && a.expression == b.expression;
}

template <typename Item>
bool both_same(const std::optional<Item>& a, const std::optional<Item>& b) {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

bool same(const State& a, const State& b) {
    return a.id == b.id && a.waits_for == b.waits_for && both_same(a.deadline, b.deadline) &&
           a.ladder == b.ladder && a.after_deadline_to == b.after_deadline_to &&
           all_same(a.on, b.on) && a.final == b.final && both_same(a.tells, b.tells);
}

}  // namespace

bool same_machine(const Workflow& a, const Workflow& b) {
    return a.id == b.id && a.start == b.start && all_same(a.fields, b.fields) &&
           all_same(a.states, b.states);
}

}  // namespace fristvakt::workflows
