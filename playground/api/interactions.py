"""Routes of interactions: the first response, and what its token may do afterwards."""

from playground.api.http import Answer, Call, Handler, Route, as_object
from playground.api.webhooks import WebhookRoutes
from playground.payloads.messages import message_payload
from playground.schema.callbacks import Callback
from playground.world.interactions import Interactions
from playground.world.model import Interaction
from playground.world.world import World


class InteractionRoutes:
    """Callbacks and the interaction's webhook. The token in the path is their authority."""

    def __init__(self, world: World, interactions: Interactions, webhooks: WebhookRoutes) -> None:
        self._world = world
        self._interactions = interactions
        self._webhooks = webhooks

    def routes(self) -> list[Route]:
        """Return the routes of this resource."""
        webhook = "/webhooks/{webhook_id}/{webhook_token}"
        original = f"{webhook}/messages/@original"
        one = webhook + "/messages/{message_id}"
        return [
            Route(
                "POST",
                "/interactions/{interaction_id}/{interaction_token}/callback",
                self._respond,
                open=True,
            ),
            Route("POST", webhook, self._or_webhook(self._follow_up, self._webhooks.post), open=True),
            Route("GET", original, self._get, open=True),
            Route("PATCH", original, self._edit, open=True),
            Route("DELETE", original, self._delete, open=True),
            Route("GET", one, self._or_webhook(self._get, self._webhooks.read), open=True),
            Route("PATCH", one, self._or_webhook(self._edit, self._webhooks.edit), open=True),
            Route("DELETE", one, self._or_webhook(self._delete, self._webhooks.delete), open=True),
        ]

    def _or_webhook(self, of_interaction: Handler, of_webhook: Handler) -> Handler:
        """Return a handler for a path that both have: an interaction's webhook is the application's."""

        async def handle(call: Call) -> Answer:
            return await (of_webhook if self._webhooks.knows(call) else of_interaction)(call)

        return handle

    async def _respond(self, call: Call) -> Answer:
        interaction = self._interactions.respond(
            call.id("interaction_id"), call.path["interaction_token"], call.body, call.uploads
        )
        if not call.flag("with_response"):
            return 204, None
        return 200, self._described(interaction)

    def _described(self, interaction: Interaction) -> dict[str, object]:
        entry: dict[str, object] = {"id": str(interaction.id), "type": int(interaction.kind)}
        answer: dict[str, object] = {"interaction": entry}
        message = interaction.message
        if message is None and interaction.response is Callback.UPDATE:
            message = interaction.source
        if message is not None:
            entry |= {
                "response_message_id": str(message.id),
                "response_message_loading": interaction.loading,
                "response_message_ephemeral": message.for_user is not None,
            }
            if interaction.response is not None:
                answer["resource"] = {
                    "type": int(interaction.response),
                    "message": message_payload(self._world, message),
                }
        return answer

    async def _follow_up(self, call: Call) -> Answer:
        message = self._interactions.follow_up(call.path["webhook_token"], as_object(call.body), call.uploads)
        # An interaction's follow-up is always waited for, whatever `wait` says.
        return 200, message_payload(self._world, message)

    async def _get(self, call: Call) -> Answer:
        _, message = self._interactions.owned(call.path["webhook_token"], _which(call))
        return 200, message_payload(self._world, message)

    async def _edit(self, call: Call) -> Answer:
        body = as_object(call.body)
        message = self._interactions.edit(call.path["webhook_token"], _which(call), body, call.uploads)
        return 200, message_payload(self._world, message)

    async def _delete(self, call: Call) -> Answer:
        self._interactions.delete(call.path["webhook_token"], _which(call))
        return 204, None


def _which(call: Call) -> str:
    return call.path.get("message_id", "@original")
