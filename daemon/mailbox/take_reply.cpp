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

Status take_reply(EngineAccess& engine, const InvitationReply& reply) {
    RaiseEvent command;
    command.event.case_id = reply.case_id;
    command.event.name = "responded";
    command.event.by = workflows::Actor::Attendee;
    command.event.fields = {{"attendee", reply.attendee},
                            {"answer", std::string{to_string(response_of(reply.answer))}},
                            {"sequence", std::to_string(reply.sequence)},
                            {"stamped_at", workflows::iso_utc(reply.stamped_at)},
                            {"via", "mail"}};
    if (!reply.comment.empty()) {
        command.event.fields["note"] = reply.comment;
    }
    if (!reply.delegated_to.empty()) {
        command.event.fields["text"] = reply.delegated_to;
    }
    const auto raised = engine.raise(command);
    return raised.ok() ? Status{workflows::Done{}} : Status{raised.error()};
}

}  // namespace fristvakt::daemon
