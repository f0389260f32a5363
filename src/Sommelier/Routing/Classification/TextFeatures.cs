using System.Runtime.CompilerServices;

namespace Sommelier.Routing.Classification;

/// <summary>Reads a text once and notes its n-grams, cues and shape. Training and serving call exactly this.</summary>
/// <remarks>
/// Words and word pairs are read from the first <see cref="HeadUnits"/> and last <see cref="TailUnits"/> units, n-grams of
/// letters only near the two ends, where the instruction stands; what lies between costs nothing. Scripts without spaces
/// have no words, so their n-grams of one to three units are read wherever words would be.
/// </remarks>
internal ref struct TextFeatures
{
    public const int HeadUnits = 2048;
    public const int TailUnits = 1024;

    /// <summary>How near to an end letters are read as n-grams: over the whole text they would be most of the cost.</summary>
    public const int GramUnits = 384;

    private const uint NoWord = 0;
    private readonly byte[] _kinds;
    private readonly CueLexicon _cues;
    private TextShape _shape;
    private ulong _window;
    private uint _state;
    private uint _previousWord;
    private uint _previousPair;
    private int _wordLength;

    private TextFeatures(CueLexicon cues)
    {
        _kinds = CharKinds.Kinds;
        _cues = cues;
        _state = FeatureHash.WordSeed;
    }

    /// <summary>Fills a cleared set.</summary>
    public static void Read(ReadOnlySpan<char> text, ref FeatureSet features)
    {
        var reader = new TextFeatures(CueLexicon.Shared);
        if (text.Length < HeadUnits + TailUnits)
        {
            reader.ReadPart(text, 0, text.Length, ref features);
        }
        else
        {
            reader.ReadPart(text, 0, HeadUnits, ref features);
            reader.ReadPart(text, text.Length - TailUnits, text.Length, ref features);
        }

        reader._shape.Write(text, features.Dense);
    }

    private void ReadPart(ReadOnlySpan<char> text, int start, int end, ref FeatureSet features)
    {
        _window = ' ';
        _previousWord = NoWord;
        _previousPair = NoWord;
        for (var i = start; i < end; i++)
        {
            var unit = text[i];
            var kind = _kinds[unit];
            _shape.Note(unit, kind);
            var nearEnd = i < GramUnits || i >= text.Length - GramUnits;
            switch (kind)
            {
                case CharKinds.Letter:
                    Push(CharKinds.Fold(unit), i, text.Length, ref features);
                    AddGrams(nearEnd, ref features);
                    break;
                case CharKinds.Digit:
                    // Numbers differ in every request; only their length is a habit of a task.
                    Push('0', i, text.Length, ref features);
                    AddGrams(nearEnd, ref features);
                    break;
                case CharKinds.Hangul:
                    Push(unit, i, text.Length, ref features);
                    AddUnspaced(i, text.Length, ref features);
                    break;
                case CharKinds.Ideograph:
                    EndWord(i, text.Length, ref features);
                    _window = (_window << 16) | unit;
                    AddUnspaced(i, text.Length, ref features);
                    break;
                case CharKinds.Space:
                    EndWord(i, text.Length, ref features);
                    if ((char)_window != ' ')
                    {
                        _window = (_window << 16) | ' ';
                        AddGrams(nearEnd, ref features);
                    }

                    break;
                default:
                    EndWord(i, text.Length, ref features);
                    _window = (_window << 16) | CharKinds.Fold(unit);
                    AddGrams(nearEnd, ref features);
                    break;
            }
        }

        EndWord(end, text.Length, ref features);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(char folded, int position, int length, ref FeatureSet features)
    {
        _window = (_window << 16) | folded;
        _state = FeatureHash.Step(_state, folded);
        _wordLength++;
        if (_wordLength is >= 4 and <= 8)
        {
            NoteCue(CueLexicon.PrefixKey(_state), position, length, ref features);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AddGrams(bool nearEnd, ref FeatureSet features)
    {
        if (nearEnd)
        {
            features.Add(FeatureHash.Gram(_window, 3));
            features.Add(FeatureHash.Gram(_window, 4));
        }
    }

    private readonly void AddUnspaced(int position, int length, ref FeatureSet features)
    {
        features.Add(FeatureHash.Gram(_window, 1));
        var two = FeatureHash.Gram(_window, 2);
        var three = FeatureHash.Gram(_window, 3);
        features.Add(two);
        features.Add(three);
        NoteCue(two, position, length, ref features);
        NoteCue(three, position, length, ref features);
        NoteCue(FeatureHash.Gram(_window, 4), position, length, ref features);
    }

    private void EndWord(int position, int length, ref FeatureSet features)
    {
        if (_wordLength == 0)
        {
            return;
        }

        var word = FeatureHash.Word(_state);
        features.Add(word);
        NoteCue(word, position, length, ref features);
        var pair = NoWord;
        if (_previousWord != NoWord)
        {
            pair = FeatureHash.WordPair(_previousWord, word);
            features.Add(pair);
            NoteCue(pair, position, length, ref features);
            if (_previousPair != NoWord)
            {
                NoteCue(FeatureHash.WordPair(_previousPair, word), position, length, ref features);
            }
        }

        _previousWord = word;
        _previousPair = pair;
        _state = FeatureHash.WordSeed;
        _wordLength = 0;
        _shape.Words++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void NoteCue(uint key, int position, int length, ref FeatureSet features)
    {
        if (_cues.MayHold(key))
        {
            NoteHeldCue(key, position, length, ref features);
        }
    }

    private readonly void NoteHeldCue(uint key, int position, int length, ref FeatureSet features)
    {
        for (var slot = _cues.Find(key); slot >= 0; slot = _cues.Next(key, slot))
        {
            DenseFeatures.NoteCue(features.Dense, _cues.Concept(slot), position, length);
        }
    }
}
