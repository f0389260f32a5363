using System.Text;
using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>Names that are met again and again, so that reading one costs no string.</summary>
/// <param name="names">The usual ones first.</param>
internal sealed class NameTable(params string[] names)
{
    private readonly byte[][] utf8 = Array.ConvertAll(names, Encoding.UTF8.GetBytes);

    /// <summary>The name at which a reader stands.</summary>
    /// <exception cref="WireException">It holds half of a surrogate pair.</exception>
    public string Of(ref Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        for (var i = 0; i < utf8.Length; i++)
        {
            if (raw.SequenceEqual(utf8[i]))
            {
                return names[i];
            }
        }

        return JsonText.Of(ref reader, "body");
    }
}
