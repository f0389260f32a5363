using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Wire.Json;

/// <summary>Takes the values of a body's members.</summary>
internal interface IBodyMembers
{
    /// <summary>The names that are usual, so that they cost no string.</summary>
    static abstract NameTable Names { get; }

    /// <summary>Takes a value; leaves the reader at its last token.</summary>
    void Value(string name, ref Utf8JsonReader reader);
}

/// <summary>The walk over a body's members that every outline begins with.</summary>
internal static class BodyMembers
{
    /// <summary>Shows each member of a caller's request to its taker and notes where it stands.</summary>
    /// <exception cref="WireException">The body is no UTF-8, no JSON, no object, or a member is one too many.</exception>
    public static void ReadRequest<T>(ref T taker, ReadOnlySpan<byte> body, List<BodyMember> members)
        where T : struct, IBodyMembers, allows ref struct
    {
        JsonBody.CheckUtf8(body);
        try
        {
            Read(ref taker, body, members);
        }
        catch (JsonException error)
        {
            throw JsonBody.Malformed(error);
        }
    }

    /// <summary>The same of a body that was read before.</summary>
    /// <exception cref="WireException">The body is no JSON object, or a member is one too many.</exception>
    /// <exception cref="JsonException">The body is no JSON.</exception>
    public static void Read<T>(ref T taker, ReadOnlySpan<byte> body, List<BodyMember> members)
        where T : struct, IBodyMembers, allows ref struct
    {
        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw JsonBody.NotAnObject();
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var name = T.Names.Of(ref reader);
            CheckNew(name, members);
            reader.Read();
            var value = (int)reader.TokenStartIndex;
            taker.Value(name, ref reader);
            members.Add(new BodyMember(name, start, value, (int)reader.BytesConsumed));
        }

        // Anything but white space after the object throws here.
        reader.Read();
    }

    // Refuses a member that was there before, and one more than a body may have.
    private static void CheckNew(string name, List<BodyMember> members)
    {
        foreach (var member in members)
        {
            if (string.Equals(member.Name, name, StringComparison.Ordinal))
            {
                throw FieldError.Duplicate(name);
            }
        }

        if (members.Count == JsonLimits.MaxTopLevelFields)
        {
            throw WireException.Invalid(name, $"The body has more than {JsonLimits.MaxTopLevelFields} top-level fields. Send fewer.");
        }
    }
}
