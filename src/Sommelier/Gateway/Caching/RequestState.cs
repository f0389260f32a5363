using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Gateway.Caching;

/// <summary>Tells requests that say everything from those whose answer depends on more: earlier answers, searches, containers.</summary>
internal static class RequestState
{
    // What makes the vendor remember, search or run something: names of OpenAI, Anthropic, xAI, DashScope and OpenRouter.
    private static readonly FrozenSet<string> Stateful = FrozenSet.Create(
        StringComparer.Ordinal,
        "store", "previous_response_id", "conversation", "thread", "background", "container", "mcp_servers", "web_search_options", "search_parameters",
        "enable_search", "plugins");

    // Who asked, not what.
    private static readonly FrozenSet<string> Volatile = FrozenSet.Create(
        StringComparer.Ordinal,
        "user", "metadata", "requestMetadata", "labels", "safety_identifier", "prompt_cache_key");

    // Google and Amazon wrap a caller's functions in these.
    private static readonly FrozenSet<string> OwnToolMembers = FrozenSet.Create(
        StringComparer.Ordinal,
        "functionDeclarations", "function_declarations", "toolSpec", "cachePoint");

    /// <summary>The members of a request's body that its answer depends on, by name; null when it depends on more than them.</summary>
    public static List<BodyMember>? Members(Flight flight)
    {
        var outline = flight.Outline!;
        if (outline.PreviousResponseId is not null || outline.HasReferences || outline.Keep)
        {
            return null;
        }

        // Its frames have checksums over the cost that they tell, which is another one the next time.
        if (outline is { Stream: true, Hints: not null } && flight.Call.Format.Streams.Framing == StreamFraming.Frames)
        {
            return null;
        }

        var members = new List<BodyMember>();
        var watch = default(Watch);
        BodyMembers.Read(ref watch, flight.Body.Span, members);
        if (watch.Found)
        {
            return null;
        }

        // A response repeats what its request said of its user.
        var echoes = flight.Call.Format.Name is "openai-responses";
        members.RemoveAll(member => member.Name is CallerHintsReader.Member or "stream" || (!echoes && Volatile.Contains(member.Name)));
        members.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return members;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Watch : IBodyMembers
    {
        public static NameTable Names { get; } = new("model", "messages", "stream", "temperature", "tools", "max_tokens", "system", "contents", "input");

        /// <summary>Whether the answer depends on more than the request.</summary>
        public bool Found { get; private set; }

        public void Value(string name, ref Utf8JsonReader reader)
        {
            switch (name)
            {
                case "tools":
                    Tools(ref reader);
                    break;
                case "toolConfig" when reader.TokenType == JsonTokenType.StartObject:
                    ToolConfig(ref reader);
                    break;
                case "prompt" when reader.TokenType == JsonTokenType.StartObject:
                    // A template that the vendor keeps.
                    Found = true;
                    break;
                default:
                    Found |= Stateful.Contains(name) && reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
                    break;
            }

            reader.Skip();
        }

        private void ToolConfig(ref Utf8JsonReader reader)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var tools = reader.ValueTextEquals("tools"u8);
                reader.Read();
                if (tools)
                {
                    Tools(ref reader);
                }

                reader.Skip();
            }
        }

        private void Tools(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Found |= reader.TokenType != JsonTokenType.StartObject || IsHosted(ref reader);
                reader.Skip();
            }
        }

        // Run by the vendor: whatever is not plainly a function of the caller.
        private static bool IsHosted(ref Utf8JsonReader reader)
        {
            bool named = false, foreign = false;
            bool? own = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.Of(ref reader, "tools");
                reader.Read();
                named |= name is "name";
                foreign |= !OwnToolMembers.Contains(name);
                if (name is "type" && reader.TokenType == JsonTokenType.String)
                {
                    own = reader.ValueTextEquals("function"u8) || reader.ValueTextEquals("custom"u8);
                }

                reader.Skip();
            }

            return !(own ?? (named || !foreign));
        }
    }
}
