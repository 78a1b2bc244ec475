using TrafficDispatch.Model.Files;

namespace TrafficDispatch.Core.Tests.Model.Files;

public sealed class WorldFuzzTests
{
    private static readonly byte[] Telling = [.. ",\"\n\r;-./:0123456789eENaxF \0"u8, 0xEF, 0xBB, 0xBF, 0xC3, 0xFF];

    /// <summary>Whatever becomes of the bytes of a world, it loads or says why not; nothing throws.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Load_MutatedBytes_LoadsOrGivesFaults(int seed)
    {
        Random random = new(seed);
        using TestWorld original = TestWorld.Full();
        Dictionary<string, byte[]> whole = original.Files.ToDictionary(static f => f, original.Bytes, StringComparer.Ordinal);
        string[] names = [.. whole.Keys.Order(StringComparer.Ordinal)];
        int loaded = 0, refused = 0;
        for (int round = 0; round < 250; round++)
        {
            foreach (string name in names) original.With(name, whole[name]);
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                string name = names[random.Next(names.Length)];
                original.With(name, Mutate(original.Bytes(name), random));
            }
            WorldLoadResult result = original.Load();
            Assert.Equal(result.FaultCount == 0, result.IsLoaded);
            Assert.Equal(Math.Min(200, result.FaultCount), result.Faults.Length);
            Assert.All(result.Faults, static f => Assert.DoesNotContain(f.ToString(), char.IsControl));
            if (result.IsLoaded) loaded++;
            else refused++;
        }
        Assert.True(loaded > 0 && refused > 0, $"{loaded} loaded, {refused} refused: the mutations are too mild or too wild");
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        List<byte> next = [.. bytes];
        int at = random.Next(next.Count), length = random.Next(Math.Min(40, next.Count - at) + 1);
        switch (random.Next(6))
        {
            case 0: next[at] = Telling[random.Next(Telling.Length)]; break;
            case 1: next[at] = (byte)random.Next(256); break;
            case 2: next.Insert(at, Telling[random.Next(Telling.Length)]); break;
            case 3: next.RemoveRange(at, length); break;
            case 4: next.InsertRange(random.Next(next.Count), next.GetRange(at, length)); break;
            default: next.RemoveRange(at, next.Count - at); break;
        }
        return [.. next];
    }
}
