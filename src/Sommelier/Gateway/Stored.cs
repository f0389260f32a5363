using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>A conversation must be whole when it is routed: whoever answers next has seen nothing of it.</summary>
internal static class Stored
{
    /// <summary>Refuses a request that leans on what somebody else is to have kept.</summary>
    /// <exception cref="GatewayException">It names an earlier answer, or items of one.</exception>
    public static void HoldComplete(RequestOutline outline)
    {
        if (outline.PreviousResponseId is not null)
        {
            throw new GatewayException(GatewayError.Invalid(
                "previous_response_id",
                "previous_response_id names an answer that is not kept here. Send the whole conversation in input, with store: false."));
        }

        if (outline.HasReferences)
        {
            throw new GatewayException(GatewayError.Invalid(
                "input",
                "input refers to items by id (item_reference) that are not kept here. Send the items themselves, with store: false."));
        }
    }
}
