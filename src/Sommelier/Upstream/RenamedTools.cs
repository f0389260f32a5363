using System.Globalization;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Upstream;

/// <summary>
/// Tools whose names a target would refuse, under names that it takes: in the tools on offer, in the choice among them and in the
/// calls of the conversation. Calls of the answer get their own names back.
/// </summary>
/// <remarks>The same tools get the same names in every request, so that a prompt cache holds.</remarks>
internal sealed class RenamedTools
{
    private readonly Dictionary<string, string> sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> own = new(StringComparer.Ordinal);

    private RenamedTools()
    {
    }

    /// <summary>What has to be renamed; null when every name may be sent as it is.</summary>
    public static RenamedTools? Of(ChatRequest request, ToolNameRule? rule)
    {
        if (rule is null)
        {
            return null;
        }

        List<string>? refused = null;
        foreach (var name in Names(request))
        {
            if (!rule.Allows(name))
            {
                (refused ??= []).Add(name);
            }
        }

        if (refused is null)
        {
            return null;
        }

        HashSet<string> taken = [.. Names(request).Where(name => rule.Allows(name))];
        var renamed = new RenamedTools();
        foreach (var name in refused.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var other = Other(name, rule, taken);
            taken.Add(other);
            renamed.sent[name] = other;
            renamed.own[other] = name;
        }

        return renamed;
    }

    /// <summary>The request under the names that are sent.</summary>
    public ChatRequest Put(ChatRequest request, ICollection<Warning> warnings)
    {
        foreach (var tool in request.Tools)
        {
            if (tool.Opaque is null && sent.TryGetValue(tool.Name, out var other))
            {
                warnings.Add(new Warning("emulated", CallerFields.ToolName(request.Format, tool), $"the target would refuse the name; the model knows the tool as '{other}'"));
            }
        }

        return request with
        {
            Tools = [.. request.Tools.Select(tool => tool.Opaque is null ? tool with { Name = Sent(tool.Name) } : tool)],
            ToolChoice = request.ToolChoice is { } choice
                ? choice with { Name = choice.Name is { } name ? Sent(name) : null, Allowed = choice.Allowed is { } allowed ? [.. allowed.Select(Sent)] : null }
                : null,
            Messages = [.. request.Messages.Select(Put)],
        };
    }

    /// <summary>What the caller calls a tool that an answer calls.</summary>
    public string Own(string name) => own.GetValueOrDefault(name, name);

    private string Sent(string name) => sent.GetValueOrDefault(name, name);

    private Message Put(Message message)
    {
        // A tool that answers is named, too, in OpenAI's chat format.
        if (message is { Role: Role.Tool, Name: { } speaker })
        {
            message = message with { Name = Sent(speaker) };
        }

        return message.Parts.Any(part => part is ToolCallPart call && sent.ContainsKey(call.Name))
            ? message with { Parts = [.. message.Parts.Select(part => part is ToolCallPart call ? call with { Name = Sent(call.Name) } : part)] }
            : message;
    }

    private static IEnumerable<string> Names(ChatRequest request)
    {
        foreach (var tool in request.Tools)
        {
            if (tool.Opaque is null)
            {
                yield return tool.Name;
            }
        }

        foreach (var message in request.Messages)
        {
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart call)
                {
                    yield return call.Name;
                }
            }
        }
    }

    // "ns.f" becomes "ns_f"; where that is another tool's, or too long, a hash of the name tells them apart.
    private static string Other(string name, ToolNameRule rule, HashSet<string> taken)
    {
        var plain = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || (rule.LetterFirst && !ToolNameRule.IsFirst(rule.IsAllowed(name[0]) ? name[0] : '_')))
        {
            plain.Append('_');
        }

        foreach (var letter in name)
        {
            plain.Append(rule.IsAllowed(letter) ? letter : '_');
        }

        if (plain.Length <= rule.MaxLength && !taken.Contains(plain.ToString()))
        {
            return plain.ToString();
        }

        for (var salt = 0; ; salt++)
        {
            var hash = default(StableHash);
            hash.Add(Encoding.UTF8.GetBytes(salt == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}\n{salt}")));
            var end = string.Create(CultureInfo.InvariantCulture, $"_{(uint)hash.Value:x8}");
            var other = plain.ToString(0, Math.Min(plain.Length, rule.MaxLength - end.Length)) + end;
            if (!taken.Contains(other))
            {
                return other;
            }
        }
    }
}
