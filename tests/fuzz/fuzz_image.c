/* Images, as the confined worker decodes them. */
#include "milter/image/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	decode_image((struct str){ (const char *)data, size });
	return 0;
}
