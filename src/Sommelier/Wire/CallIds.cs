using System.Globalization;

namespace Sommelier.Wire;

/// <summary>Ids for the calls of a conversation whose client sent none: results are matched by id, else by name and order.</summary>
internal sealed class CallIds
{
    private readonly List<(string Name, string Id)> open = [];
    private int made;

    /// <summary>A call without an id: makes one, the same for the same conversation.</summary>
    /// <param name="name">The tool; an id that the client gave stands before it, parted by a line feed.</param>
    public string Called(string name)
    {
        var given = name.IndexOf('\n', StringComparison.Ordinal);
        var id = given >= 0 ? name[..given] : string.Create(CultureInfo.InvariantCulture, $"call_{++made}");
        open.Add((given >= 0 ? name[(given + 1)..] : name, id));
        return id;
    }

    /// <summary>The id of the call that an answer is for.</summary>
    /// <param name="id">The id that the answer names, or empty.</param>
    /// <param name="name">The tool that it names.</param>
    public string Answered(string id, string? name)
    {
        var at = id.Length > 0
            ? open.FindIndex(call => string.Equals(call.Id, id, StringComparison.Ordinal))
            : open.FindIndex(call => name is null || string.Equals(call.Name, name, StringComparison.Ordinal));
        if (at < 0)
        {
            return id.Length > 0 ? id : string.Create(CultureInfo.InvariantCulture, $"call_{++made}");
        }

        id = open[at].Id;
        open.RemoveAt(at);
        return id;
    }
}
