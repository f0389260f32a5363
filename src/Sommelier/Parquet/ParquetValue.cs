using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Sommelier.Parquet;

/// <summary>A value of a column as JSON: numbers as numbers, decimals exact, moments as ISO 8601, bytes that are no text as base64.</summary>
internal static class ParquetValue
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter json, ParquetNode leaf, ReadOnlySpan<byte> value)
    {
        Hold(leaf, value);
        switch (leaf.Type)
        {
            case PhysicalType.Boolean:
                json.WriteBooleanValue(value[0] != 0);
                break;
            case PhysicalType.Float:
                Number(json, BinaryPrimitives.ReadSingleLittleEndian(value));
                break;
            case PhysicalType.Double:
                Number(json, BinaryPrimitives.ReadDoubleLittleEndian(value));
                break;
            case PhysicalType.FixedLengthByteArray when leaf.Meaning == Meaning.Float16 && value.Length == 2:
                Number(json, (double)BinaryPrimitives.ReadHalfLittleEndian(value));
                break;
            case PhysicalType.Int32 or PhysicalType.Int64 when Integer(leaf, value) is var number && leaf.Meaning is Meaning.Plain or Meaning.Unsigned:
                json.WriteNumberValue((decimal)number);
                break;
            case not PhysicalType.Int96 when leaf.Meaning == Meaning.Decimal:
                json.WriteRawValue(Decimal(leaf, value));
                break;
            case PhysicalType.ByteArray when leaf.Meaning == Meaning.Json && IsJson(value):
                json.WriteRawValue(value);
                break;
            default:
                json.WriteStringValue(Text(leaf, value));
                break;
        }
    }

    /// <summary>A value as text, as it is the name of a member.</summary>
    public static string Text(ParquetNode leaf, ReadOnlySpan<byte> value)
    {
        Hold(leaf, value);
        return (leaf.Type, leaf.Meaning) switch
        {
            (PhysicalType.Boolean, _) => value[0] != 0 ? "true" : "false",
            (PhysicalType.Float, _) => BinaryPrimitives.ReadSingleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture),
            (PhysicalType.Double, _) => BinaryPrimitives.ReadDoubleLittleEndian(value).ToString("R", CultureInfo.InvariantCulture),
            (PhysicalType.Int96, _) => Moment(Nanoseconds96(value)),
            (_, Meaning.Decimal) => Decimal(leaf, value),
            (PhysicalType.Int32 or PhysicalType.Int64, var meaning) => Number(meaning, Integer(leaf, value)),
            (_, Meaning.Uuid) when value.Length == 16 => new Guid(value, bigEndian: true).ToString(),
            _ => Words(value),
        };
    }

    // Bytes of a text that nobody said is one are one all the same, where they can be.
    private static string Words(ReadOnlySpan<byte> value)
    {
        try
        {
            return Strict.GetString(value);
        }
        catch (ArgumentException)
        {
            return Convert.ToBase64String(value);
        }
    }

    private static string Number(Meaning meaning, Int128 number) => meaning switch
    {
        Meaning.Date => Moment(number * 86_400_000_000_000)[..10],
        Meaning.TimestampMillis => Moment(number * 1_000_000),
        Meaning.TimestampMicros => Moment(number * 1_000),
        Meaning.TimestampNanos => Moment(number),
        Meaning.TimeMillis => Moment(number * 1_000_000)[11..^1],
        Meaning.TimeMicros => Moment(number * 1_000)[11..^1],
        Meaning.TimeNanos => Moment(number)[11..^1],
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    // To the 100 nanoseconds.
    private static string Moment(Int128 nanoseconds)
    {
        var ticks = Int128.Clamp(DateTime.UnixEpoch.Ticks + (nanoseconds / 100), 0, DateTime.MaxValue.Ticks);
        return new DateTime((long)ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
    }

    // A Julian day and the nanoseconds since its midnight.
    private static Int128 Nanoseconds96(ReadOnlySpan<byte> value) =>
        ((Int128)(BinaryPrimitives.ReadInt32LittleEndian(value[8..]) - 2_440_588L) * 86_400_000_000_000) + BinaryPrimitives.ReadInt64LittleEndian(value);

    private static Int128 Integer(ParquetNode leaf, ReadOnlySpan<byte> value) => (leaf.Type, leaf.Meaning) switch
    {
        (PhysicalType.Int32, Meaning.Unsigned) => BinaryPrimitives.ReadUInt32LittleEndian(value),
        (PhysicalType.Int32, _) => BinaryPrimitives.ReadInt32LittleEndian(value),
        (_, Meaning.Unsigned) => BinaryPrimitives.ReadUInt64LittleEndian(value),
        _ => BinaryPrimitives.ReadInt64LittleEndian(value),
    };

    private static string Decimal(ParquetNode leaf, ReadOnlySpan<byte> value)
    {
        if (value.Length > 64)
        {
            throw ParquetException.Damaged($"a decimal of the column '{leaf.Name}' is too long");
        }

        var number = leaf.Type is PhysicalType.Int32 or PhysicalType.Int64 ? (BigInteger)Integer(leaf, value) : new BigInteger(value, isUnsigned: false, isBigEndian: true);
        var digits = BigInteger.Abs(number).ToString(CultureInfo.InvariantCulture).PadLeft(leaf.Scale + 1, '0');
        var sign = number.Sign < 0 ? "-" : "";
        return leaf.Scale == 0 ? sign + digits : $"{sign}{digits.AsSpan(0, digits.Length - leaf.Scale)}.{digits.AsSpan(digits.Length - leaf.Scale)}";
    }

    // JSON knows no infinities and no NaN.
    private static void Number(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = 32 });
            while (reader.Read())
            {
                reader.Skip();
            }

            return value.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Hold(ParquetNode leaf, ReadOnlySpan<byte> value)
    {
        if (value.Length < (leaf.Type == PhysicalType.Boolean ? 1 : PlainValues.Width(leaf)))
        {
            throw ParquetException.Damaged($"a value of the column '{leaf.Name}' is cut");
        }
    }
}
