using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Wire;

namespace Sommelier.Server.Edge;

/// <summary>Bedrock's addresses: <c>/model/ID/converse</c> and <c>/model/ID/converse-stream</c>.</summary>
internal sealed class BedrockEndpoint(GatewayHost gateway)
{
    private const string Prefix = "/model/";
    private const string Whole = "/converse";
    private const string Streamed = "/converse-stream";

    private readonly ChatEndpoint chat = new(gateway, WireFormats.Get("bedrock-converse"));

    /// <summary>What a path says of the request; null when it is not Bedrock's. Ids may hold slashes and colons, raw or escaped.</summary>
    public static CallPath? Of(string path)
    {
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = path.EndsWith(Whole, StringComparison.Ordinal) ? Whole : path.EndsWith(Streamed, StringComparison.Ordinal) ? Streamed : null;
        if (end is null || path.Length <= Prefix.Length + end.Length)
        {
            return null;
        }

        var id = path[Prefix.Length..^end.Length];
        return new CallPath(id.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(id) : id, ReferenceEquals(end, Streamed));
    }

    /// <summary>Serves a request.</summary>
    public Task ServeAsync(HttpContext context, string requestId, CallPath path)
    {
        // A signature proves a secret that is kept here only as a hash: it cannot be checked.
        if (!gateway.Keyless && context.Request.Headers.Authorization is [{ } shown] && shown.StartsWith("AWS4-", StringComparison.Ordinal))
        {
            return ErrorReplies.SendAsync(context, requestId, new(
                GatewayErrorKind.Forbidden,
                "Signatures of AWS cannot be checked here. Show a key of this gateway as a bearer token: set AWS_BEARER_TOKEN_BEDROCK, or token in the client's configuration.",
                StatusCodes.Status403Forbidden));
        }

        return chat.ServeAsync(context, requestId, path);
    }
}
