#include "daemon/mailbox/take_reply.hpp"

#include "workflows/model/invitation.hpp"

namespace fristvakt::daemon {

using integrations::calendar::Answer;
using workflows::Response;
using workflows::Status;

namespace {

Response response_of(Answer answer) {
    switch (answer) {
        case Answer::Accepted:
            return Response::Accepted;
        case Answer::Tentative:
            return Response::Tentative;
        case Answer::Declined:
            return Response::Declined;
        case Answer::Delegated:
            return Response::Delegated;
        case Answer::NeedsAction:
            break;
    }
    return Response::None;
}

}  // namespace

Status take_answer(EngineAccess& engine, const GivenAnswer& given) {
    RaiseEvent command;
    command.event.case_id = given.case_id;
    command.event.name = "responded";
    command.event.by = workflows::Actor::Attendee;
    command.event.fields = {{"attendee", given.attendee},
                            {"answer", std::string{to_string(response_of(given.answer))}},
                            {"stamped_at", workflows::iso_utc(given.stamped_at)},
                            {"via", given.via}};
    if (given.sequence) {
        command.event.fields["sequence"] = std::to_string(*given.sequence);
    }
    if (!given.comment.empty()) {
        command.event.fields["note"] = given.comment;
    }
    if (!given.delegated_to.empty()) {
        command.event.fields["text"] = given.delegated_to;
    }
    const auto raised = engine.raise(command);
    return raised.ok() ? Status{workflows::Done{}} : Status{raised.error()};
}

Status take_reply(EngineAccess& engine, const InvitationReply& reply) {
    return take_answer(engine, {.case_id = reply.case_id,
                                .attendee = reply.attendee,
                                .answer = reply.answer,
                                .sequence = reply.sequence,
                                .stamped_at = reply.stamped_at,
                                .comment = reply.comment,
                                .delegated_to = reply.delegated_to,
                                .via = "mail"});
}

}  // namespace fristvakt::daemon
