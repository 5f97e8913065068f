/*
 * The root machine, which stands for the board's flash: compiled modules by name, and what the
 * preloaded ones made, frozen. Bytecode and names live here, so modules cost the arena only what
 * running them makes. Freezing goes further than xsl: where xsl gives a writable object or variable
 * a pointer in RAM and warns, here it is read-only and writing it throws.
 */
#include "xsAll.h"
#include "xsScript.h"
#include "host.h"
#include "machine.h"

typedef struct Module Module;
struct Module {
	Module* next;
	char* name;
	txScript* script;
};

typedef struct Alias Alias;
struct Alias {
	Alias* next;
	char* from;
	char* to;
};

extern void fxRemapIDs(txMachine* the, txByte* code, txSize size, txID* ids);

static Module* modules;
static Alias* aliases;

static Module* findModule(const char* name)
{
	Module* module = modules;
	while (module && strcmp(module->name, name))
		module = module->next;
	return module;
}

void flashAlias(const char* from, const char* to)
{
	Alias* alias = malloc(sizeof(Alias));
	alias->from = strdup(from);
	alias->to = strdup(to);
	alias->next = aliases;
	aliases = alias;
}

/* As the linker does: names become ids of this machine, and functions and strings stay where they lie. */
static void linkCode(txMachine* the, txScript* script)
{
	txByte* symbols = script->symbolsBuffer;
	txByte* p = script->codeBuffer;
	txByte* end = p + script->codeSize;
	txID count, i;
	txID* ids;
	mxDecodeID(symbols, count);
	ids = malloc(count * sizeof(txID));
	ids[0] = XS_NO_ID;
	for (i = 1; i < count; i++) {
		ids[i] = fxNewNameC(the, (txString)symbols);
		symbols += strlen((char*)symbols) + 1;
	}
	fxRemapIDs(the, script->codeBuffer, script->codeSize, ids);
	free(ids);
	free(script->symbolsBuffer);
	script->symbolsBuffer = NULL;
	while (p < end) {
		txU1 code = (txU1)*p;
		txS1 size = gxCodeSizes[code];
		switch (code) {
		case XS_CODE_CODE_1: *p = (txByte)XS_CODE_CODE_ARCHIVE_1; break;
		case XS_CODE_CODE_2: *p = (txByte)XS_CODE_CODE_ARCHIVE_2; break;
		case XS_CODE_CODE_4: *p = (txByte)XS_CODE_CODE_ARCHIVE_4; break;
		case XS_CODE_STRING_1: *p = (txByte)XS_CODE_STRING_ARCHIVE_1; break;
		case XS_CODE_STRING_2: *p = (txByte)XS_CODE_STRING_ARCHIVE_2; break;
		case XS_CODE_STRING_4: *p = (txByte)XS_CODE_STRING_ARCHIVE_4; break;
		default: break;
		}
		if (size > 0)
			p += size;
		else if (size == 0)
			p += 1 + sizeof(txID);
		else {
			uint32_t length = 0;
			memcpy(&length, p + 1, (size_t)-size);
			p += 1 - size + length;
		}
	}
}

void flashAdd(txMachine* the, const char* name, const char* source, size_t size)
{
	txStringCStream stream = { (txString)source, 0, (txSize)size };
	Module* module = malloc(sizeof(Module));
	txScript* script = fxParseScript(the, &stream, fxStringCGetter, mxCFlag);
	if (!script)
		die(EXIT_LINK, "%s: not a module that XS can compile", name);
	linkCode(the, script);
	module->name = strdup(name);
	module->script = script;
	module->next = modules;
	modules = module;
	fxNewNameC(the, module->name);
}

/* Joins a specifier to the folder of the module that names it; "a/b/../c" becomes "a/c". */
static void resolve(const char* from, const char* specifier, char* path, size_t size)
{
	size_t length = 0;
	if (from && (specifier[0] == '.')) {
		const char* slash = strrchr(from, '/');
		length = slash ? (size_t)(slash - from) : 0;
		if (length + strlen(specifier) + 2 > size)
			die(EXIT_LINK, "%s: path too long", specifier);
		memcpy(path, from, length);
	}
	else if (strlen(specifier) + 2 > size)
		die(EXIT_LINK, "%s: path too long", specifier);
	while (*specifier) {
		size_t part = strcspn(specifier, "/");
		if ((part == 2) && !strncmp(specifier, "..", 2)) {
			while (length && (path[length - 1] != '/'))
				length--;
			if (length)
				length--;
		}
		else if (!((part == 1) && (specifier[0] == '.'))) {
			if (length)
				path[length++] = '/';
			memcpy(path + length, specifier, part);
			length += part;
		}
		specifier += part;
		if (*specifier)
			specifier++;
	}
	if ((length > 3) && !strncmp(path + length - 3, ".js", 3))
		length -= 3;
	path[length] = 0;
}

txID fxFindModule(txMachine* the, txSlot* realm, txID moduleID, txSlot* slot)
{
	char name[C_PATH_MAX], path[C_PATH_MAX];
	Alias* alias = aliases;
	(void)realm;
	fxToStringBuffer(the, slot, name, sizeof(name));
	resolve(moduleID == XS_NO_ID ? NULL : fxGetKeyName(the, moduleID), name, path, sizeof(path));
	while (alias) {
		if (!strcmp(alias->from, path)) {
			strcpy(path, alias->to);
			break;
		}
		alias = alias->next;
	}
	return findModule(path) ? fxNewNameC(the, path) : XS_NO_ID;
}

void fxLoadModule(txMachine* the, txSlot* module, txID moduleID)
{
	Module* found = findModule(fxGetKeyName(the, moduleID));
	if (found)
		fxResolveModule(the, module, moduleID, found->script, NULL, NULL);
}

static void freezeProperty(txSlot* property)
{
	if (property->kind != XS_ACCESSOR_KIND)
		property->flag |= XS_DONT_SET_FLAG;
	property->flag |= XS_DONT_DELETE_FLAG;
}

static void freezeInstance(txMachine* the, txSlot* instance)
{
	txSlot* property = instance->next;
	while (property) {
		freezeProperty(property);
		if ((property->kind == XS_ARRAY_KIND) && property->value.array.address) {
			txSlot* item = property->value.array.address;
			txIndex count = fxGetIndexSize(the, property);
			while (count--)
				freezeProperty(item++);
		}
		property = property->next;
	}
	instance->flag |= XS_DONT_PATCH_FLAG;
}

/* A value that a clone copies must say that its bytes are not in the clone's own chunks. */
static void fixValue(txSlot* slot)
{
	switch (slot->kind) {
	case XS_STRING_KIND: slot->kind = XS_STRING_X_KIND; break;
	case XS_BIGINT_KIND: slot->kind = XS_BIGINT_X_KIND; break;
	case XS_KEY_KIND: slot->kind = XS_KEY_X_KIND; break;
	case XS_CODE_KIND: slot->kind = XS_CODE_X_KIND; break;
	default: break;
	}
}

void flashSeal(txMachine* the)
{
	txSlot *heap, *slot;
	fxCollectGarbage(the);
	for (heap = the->firstHeap; heap; heap = heap->next) {
		for (slot = heap + 1; slot < heap->value.reference; slot++) {
			if (slot->kind == XS_INSTANCE_KIND)
				freezeInstance(the, slot);
			else if ((slot->kind == XS_CLOSURE_KIND) && slot->value.closure)
				slot->value.closure->flag |= XS_DONT_SET_FLAG;
		}
	}
	fxShareMachine(the);
	for (heap = the->firstHeap; heap; heap = heap->next) {
		for (slot = heap + 1; slot < heap->value.reference; slot++) {
			fixValue(slot);
			if ((slot->kind == XS_ARRAY_KIND) && slot->value.array.address) {
				txSlot* item = slot->value.array.address;
				txIndex count = fxGetIndexSize(the, slot);
				while (count--)
					fixValue(item++);
			}
		}
	}
	for (slot = the->stack; slot < the->stackTop; slot++)
		fixValue(slot);
}
