using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Evals.Json;

namespace Sommelier.Evals.ToolCalls;

/// <summary>A call that is wanted, with the values that each argument may have: the ground truth of the Berkeley Function Calling Leaderboard.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">For each argument its allowed values; an empty text among them says that it may be left out.</param>
internal sealed record WantedCall(string Name, IReadOnlyDictionary<string, AllowedValues> Arguments)
{
    /// <summary>What is wrong with a call; null when it is the wanted one.</summary>
    /// <param name="call">The call.</param>
    /// <param name="tool">The tool as it was offered, for its required arguments and their types; null when that is not known.</param>
    public string? Difference(ToolCallPart call, OfferedTool? tool)
    {
        if (!IsNamed(call.Name))
        {
            return $"it calls {call.Name}, not {Name}";
        }

        if (JsonText.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments) is not { ValueKind: JsonValueKind.Object } arguments)
        {
            return $"the arguments of {Name} are not a JSON object";
        }

        var given = arguments.EnumerateObject().Select(static member => member.Name).ToHashSet(StringComparer.Ordinal);
        if (tool?.Required.FirstOrDefault(name => !given.Contains(name)) is { } required)
        {
            return $"{Name} lacks the required {required}";
        }

        foreach (var member in arguments.EnumerateObject())
        {
            if (!Arguments.TryGetValue(member.Name, out var allowed) || tool?.Has(member.Name) == false)
            {
                return $"{Name} has {member.Name}, which is not wanted";
            }

            if (!allowed.Allow(member.Value, tool?.IsInteger(member.Name) ?? false))
            {
                return $"{member.Name} of {Name} has another value or type";
            }
        }

        return Arguments.FirstOrDefault(pair => !given.Contains(pair.Key) && !pair.Value.MayBeLeftOut).Key is { } missing ? $"{Name} lacks {missing}" : null;
    }

    // OpenAI and others allow no dots in names: callers replace them.
    private bool IsNamed(string name) =>
        string.Equals(name, Name, StringComparison.Ordinal) || string.Equals(name, Name.Replace('.', '_'), StringComparison.Ordinal);
}
