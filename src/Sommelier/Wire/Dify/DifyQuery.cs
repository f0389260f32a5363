using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Dify;

/// <summary>A conversation as the one text that an app takes: the last user turn, with what came before it told in words.</summary>
internal static class DifyQuery
{
    /// <summary>The text.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="files">Takes the media of the last turn that the app can fetch.</param>
    /// <param name="warnings">Takes the losses.</param>
    public static string Of(ChatRequest request, List<ContentPart> files, ICollection<Warning> warnings)
    {
        var last = request.Messages.Count - 1;
        var system = new StringBuilder();
        Append(system, request.SystemInstructions, "system", null, warnings);
        var before = new StringBuilder();
        for (var i = 0; i < last; i++)
        {
            Append(before, request.Messages[i], Place(i), warnings);
        }

        // A user's turn needs no word on who speaks; a tool's or the model's own does.
        var now = new StringBuilder();
        if (request.Messages[last] is { Role: Role.User } turn)
        {
            Append(now, turn.Parts, Place(last), files, warnings);
            Extras.Warn(turn.Extra, Place(last), warnings);
        }
        else
        {
            Append(now, request.Messages[last], Place(last), warnings);
        }

        return Join(system, before, now, warnings);

        FieldPath Place(int index) => request.Messages[index].Place.Or(new("", "messages", index));
    }

    private static string Join(StringBuilder system, StringBuilder before, StringBuilder now, ICollection<Warning> warnings)
    {
        if (system.Length == 0 && before.Length == 0)
        {
            return now.ToString();
        }

        var query = new StringBuilder();
        if (system.Length > 0)
        {
            warnings.Add(new Warning("emulated", "system", "an app has its own instructions; these were put into the query"));
            query.Append("Instructions:\n").Append(system).Append("\n\n");
        }

        if (before.Length > 0)
        {
            warnings.Add(new Warning("emulated", "messages", "an app takes one query; the earlier turns were put into it"));
            query.Append("The conversation so far:\n").Append(before).Append("\n\n");
        }

        return query.Append("Now:\n").Append(now).ToString();
    }

    private static void Append(StringBuilder text, Message message, FieldPath path, ICollection<Warning> warnings)
    {
        var said = new StringBuilder();
        Append(said, message.Parts, path, null, warnings);
        Extras.Warn(message.Extra, path, warnings);
        if (said.Length > 0)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(Speaker(message.Role)).Append(": ").Append(said);
        }
    }

    private static void Append(StringBuilder text, IReadOnlyList<ContentPart> parts, FieldPath path, List<ContentPart>? files, ICollection<Warning> warnings)
    {
        foreach (var part in parts)
        {
            if (Words(part, part.Place.Or(path), files, warnings) is { Length: > 0 } words)
            {
                text.Append(text.Length > 0 ? "\n" : "").Append(words);
            }
        }
    }

    private static string? Words(ContentPart part, FieldPath path, List<ContentPart>? files, ICollection<Warning> warnings)
    {
        Extras.Warn(part.Extra, path, warnings);
        switch (part)
        {
            case TextPart text:
                return text.Text;
            case RefusalPart refusal:
                return refusal.Text;
            case ReasoningPart thinking:
                LostThinking.Warn(thinking, warnings, "an app takes no thinking of another model");
                return null;
            case ToolCallPart call:
                return $"[called {call.Name} with {call.Arguments}]";
            case ToolCallResponsePart result:
                var said = new StringBuilder();
                Append(said, result.Parts, path, null, warnings);
                return $"[{(result.IsError ? "the tool failed" : "the tool answered")}: {said}]";
            case UriPart when files is not null:
                files.Add(part);
                return null;
            case FilePart file when files is not null && DifyFiles.IsUploaded(file):
                files.Add(part);
                return null;
            case UriPart:
                warnings.Add(new Warning("dropped", path.ToString(), "only the last turn can bring files to an app"));
                return null;
            default:
                warnings.Add(new Warning("dropped", path.ToString(), "an app takes files by address; bytes would have to be uploaded first"));
                return null;
        }
    }

    private static string Speaker(Role role) => role switch
    {
        Role.System => "System",
        Role.Assistant => "Assistant",
        Role.Tool => "Tool",
        _ => "User",
    };
}
