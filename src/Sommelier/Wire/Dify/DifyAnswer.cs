using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>What whole answers and streams have in common.</summary>
internal static class DifyAnswer
{
    /// <summary>Whether a workflow of this status has an answer.</summary>
    public static bool HasSucceeded(string? status) => status is null or "succeeded" or "partial-succeeded";

    /// <summary>The conversation that the app keeps, by which a caller can go on with it; null when it keeps none.</summary>
    public static string? Conversation(JsonElement root) => root.Text("conversation_id") is { Length: > 0 } id ? id : null;
}
